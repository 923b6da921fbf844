#include "app/details/progressrow.h"

#include "app/accessibility.h"
#include "app/details/filetransfer.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace cooperage::gui {

ProgressRow::ProgressRow(FileTransfer *transfer, QWidget *parent)
    : QWidget(parent), m_transfer(transfer), m_text(new QLabel(this)), m_bar(new QProgressBar(this))
{
    setObjectName(u"copyProgress"_s);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    nameWidget(m_bar, u"copyProgressBar"_s, tr("Progress of the copy"));
    m_bar->setMaximumWidth(180);
    auto *cancel = new QPushButton(tr("&Cancel"), this);
    nameWidget(cancel, u"copyCancel"_s, tr("Cancel the copy"));
    connect(cancel, &QPushButton::clicked, transfer, &FileTransfer::cancel);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 2, 4, 2);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_bar);
    layout->addWidget(cancel);
    hide();
    m_moment.setSingleShot(true);
    m_moment.setInterval(400ms);
    connect(&m_moment, &QTimer::timeout, this, [this] { setVisible(m_transfer->isRunning()); });
    connect(transfer, &FileTransfer::changed, this, &ProgressRow::update);
}

void ProgressRow::update()
{
    if (!m_transfer->isRunning()) {
        m_moment.stop();
        hide();
        return;
    }
    if (isHidden() && !m_moment.isActive())
        m_moment.start();
    const qint64 total = m_transfer->total();
    const QString done = QLocale().formattedDataSize(m_transfer->done());
    m_text->setText(
        total < 0 ? tr("%1 %2").arg(m_transfer->text(), done)
                  : tr("%1 %2 of %3").arg(m_transfer->text(), done, QLocale().formattedDataSize(total)));
    m_text->setToolTip(m_text->text());
    m_bar->setRange(0, total > 0 ? 100 : 0);
    if (total > 0)
        m_bar->setValue(int(std::min<qint64>(100, m_transfer->done() * 100 / total)));
}

} // namespace cooperage::gui
