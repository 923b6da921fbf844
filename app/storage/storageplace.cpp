#include "app/storage/storageplace.h"

#include "app/accessibility.h"
#include "app/connections/enginesession.h"
#include "app/inlinemessage.h"
#include "app/settings.h"
#include "app/storage/storagecontroller.h"
#include "app/storage/storagemodel.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeView>

using namespace Qt::StringLiterals;

// What the page shows of the controller's state.
namespace cooperage::gui {

using State = StorageController::State;

static QString sizeText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1);
}

void StoragePlace::follow()
{
    connect(m_controller, &StorageController::changed, this, &StoragePlace::update);
    connect(m_controller, &StorageController::freed, this, &StoragePlace::showFreed);
    connect(m_controller, &StorageController::failed, this,
            [this](const Error &error) { m_message->show(Tone::Bad, error.text()); });
    connect(m_controller, &StorageController::progressed, this, [this](int done, int total) {
        // The last step, layers and files, tells nothing of itself.
        m_progress->setRange(0, done < total ? total : 0);
        m_progress->setValue(done);
        m_total->setText(done < total ? tr("Deleting images: %1 of %2").arg(done).arg(total)
                                      : tr("Freeing layers and files…"));
    });
    const auto ask = [this] {
        if (isOffered() && m_controller->state() == State::Waiting)
            m_controller->refresh();
        update();
    };
    connect(m_session, &EngineSession::stateChanged, this, ask);
    connect(m_refresh, &QAction::triggered, m_controller, &StorageController::refresh);
    connect(m_images, &QCheckBox::toggled, this, &StoragePlace::choose);
    connect(m_files, &QCheckBox::toggled, this, &StoragePlace::choose);
    connect(m_age, &QComboBox::currentIndexChanged, this, &StoragePlace::choose);
    connect(m_all, &QPushButton::clicked, this, [this] { m_model->tickAll(true); });
    connect(m_none, &QPushButton::clicked, this, [this] { m_model->tickAll(false); });
    connect(m_free, &QPushButton::clicked, m_controller, &StorageController::free);
    connect(m_cancel, &QPushButton::clicked, m_controller, &StorageController::cancel);
    choose();
    if (isOffered()) // What was asked for last may be long ago.
        m_controller->refresh();
    update();
}

bool StoragePlace::isOffered() const
{
    return m_session->state() == EngineSession::State::Ready &&
           m_session->info().offers(engine::extension::storage);
}

void StoragePlace::choose()
{
    settings::pruneImages.set(m_images->isChecked());
    settings::pruneFiles.set(m_files->isChecked());
    settings::pruneAge.set(m_age->currentData().toInt());
    PruneChoice choice = m_controller->choice();
    choice.images = m_images->isChecked();
    choice.files = m_files->isChecked();
    choice.olderThanSeconds = m_age->currentData().toInt();
    m_controller->choose(choice);
}

void StoragePlace::update()
{
    const State state = m_controller->state();
    const bool ready = state == State::Ready;
    const bool freeing = state == State::Freeing;
    const auto &report = m_controller->report();
    m_disk->setText(report.total > 0
                        ? tr("%1: %2 free of %3 on its disk")
                              .arg(m_session->info().name, sizeText(report.free), sizeText(report.total))
                        : m_session->info().name);
    m_refresh->setEnabled(isOffered() && !freeing);
    for (QWidget *widget :
         {static_cast<QWidget *>(m_images), static_cast<QWidget *>(m_files), static_cast<QWidget *>(m_age)})
        widget->setEnabled(isOffered() && !freeing);
    m_all->setEnabled(ready && m_model->rowCount() > 0);
    m_none->setEnabled(m_all->isEnabled());
    m_list->setEnabled(!freeing);
    const bool working = state == State::Reading || freeing;
    if (state == State::Reading)
        m_progress->setRange(0, 0);
    m_progress->setVisible(working);
    m_cancel->setVisible(working);
    m_empty->setText(emptyText());
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 1 : 0);
    updateTotal();
}

void StoragePlace::updateTotal()
{
    const State state = m_controller->state();
    const PrunePlan &plan = m_controller->plan();
    const qsizetype images = m_controller->going().size();
    const bool any = images > 0 || plan.layers > 0 || plan.files > 0;
    m_free->setEnabled(state == State::Ready && any);
    m_free->setText(any && state == State::Ready ? tr("F&ree %1").arg(sizeText(plan.bytes)) : tr("F&ree"));
    if (state == State::Freeing)
        return; // The progress says it.
    if (state != State::Ready) {
        m_total->setText(state == State::Reading ? tr("Asking the engine what can go…") : QString());
        return;
    }
    const QString what =
        tr("images: %1, layers: %2, uploaded files: %3").arg(images).arg(plan.layers).arg(plan.files);
    m_total->setText(!any           ? tr("There is nothing to free.")
                     : plan.isExact ? tr("Frees %1: %2").arg(sizeText(plan.bytes), what)
                                    : tr("Frees at least %1: %2").arg(sizeText(plan.bytes), what));
}

QString StoragePlace::emptyText() const
{
    if (m_session->state() == EngineSession::State::Unreachable)
        return tr("The engine does not answer. Press Retry in the status line.");
    if (m_session->state() == EngineSession::State::Ready && !isOffered())
        return tr("%1 does not tell what takes space, so nothing can be freed from here.")
            .arg(m_session->info().name);
    switch (m_controller->state()) {
    case State::Ready:
        if (m_images->isChecked() && m_controller->choice().olderThanSeconds == 0)
            return tr("There is no image without a tag.");
        return m_images->isChecked()
                   ? tr("No image without a tag is that old. Choose a shorter time above to "
                        "see newer ones.")
                   : tr("Images without a tag stay. Tick “Images without a tag” above to "
                        "choose among them.");
    case State::Failed:
        return tr("The engine did not say what takes space. Press Refresh to ask again.");
    default:
        return tr("Waiting for the engine…");
    }
}

void StoragePlace::showFreed(qint64 bytes, int images, int wanted)
{
    const QString text = tr("Freed %1. Images deleted: %2.").arg(sizeText(bytes)).arg(images);
    if (images < wanted)
        m_message->show(Tone::Warning, tr("%1 Still there: %2.").arg(text).arg(wanted - images));
    else
        m_message->show(Tone::Good, text);
}

} // namespace cooperage::gui
