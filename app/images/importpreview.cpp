#include "app/images/importpreview.h"

#include "app/accessibility.h"
#include "app/connections/enginesession.h"
#include "app/icons.h"
#include "app/images/accessnotes.h"
#include "app/images/imagebrowsermodel.h"
#include "app/images/imagecatalog.h"
#include "core/images/reference.h"

#include <QHeaderView>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace cooperage::gui {

ImportPreview::ImportPreview(ImageCatalog *catalog, QWidget *parent)
    : QTreeWidget(parent),
      m_catalog(catalog),
      m_access(new AccessNotes(catalog->session()->credentialFinder(), this))
{
    nameWidget(this, u"importPreview"_s, tr("What will be imported"));
    setHeaderLabels({tr("Image"), tr("Tag"), tr("Sign-in"), tr("Note")});
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setTextElideMode(Qt::ElideMiddle);
    header()->resizeSection(ReferenceColumn, 180);
    header()->resizeSection(TagColumn, 120);
    header()->resizeSection(SignInColumn, 100);
    connect(m_access, &AccessNotes::found, this, &ImportPreview::showAccess);
    m_pause.setSingleShot(true);
    m_pause.setInterval(400ms);
    connect(&m_pause, &QTimer::timeout, this, &ImportPreview::ask);
}

static void setNote(QTreeWidgetItem *item, int column, const QString &text, const QString &details,
                    bool warns)
{
    item->setText(column, text);
    item->setToolTip(column, details);
    item->setIcon(column, warns ? icon(u"warning"_s, Tone::Warning) : QIcon());
}

void ImportPreview::addRow(const QString &reference, const QString &tag, const QString &note)
{
    auto *item = new QTreeWidgetItem({reference, tag});
    item->setToolTip(ReferenceColumn, reference);
    item->setToolTip(TagColumn, tag);
    setNote(item, NoteColumn, note, note, !note.isEmpty());
    addTopLevelItem(item);
}

void ImportPreview::showFile(const QString &path, const QString &tag)
{
    clear();
    m_importable.clear();
    addRow(path, tag, {});
    m_pause.start();
}

void ImportPreview::showReferences(const QList<images::ListedReference> &listed, const QStringList &clashing)
{
    clear();
    m_importable.clear();
    for (const images::ListedReference &one : listed) {
        const bool clashes = one.problem.isEmpty() && clashing.contains(one.tag);
        addRow(one.reference, one.tag, clashes ? tr("another one gets the same tag") : one.problem);
        if (one.problem.isEmpty())
            m_importable.append(one.reference);
    }
    showAccess();
    m_pause.start();
}

void ImportPreview::ask()
{
    askForHolders();
    for (const QString &reference : std::as_const(m_importable))
        m_access->ask(reference);
}

void ImportPreview::askForHolders()
{
    for (int index = 0; index < topLevelItemCount(); ++index) {
        const QString tag = topLevelItem(index)->text(TagColumn);
        if (tag.isEmpty() || !images::checkTag(tag))
            continue;
        m_catalog->findHolder(tag, this, [this, index, tag](const QString &uuid) {
            QTreeWidgetItem *item = topLevelItem(index);
            if (uuid.isEmpty() || !item || item->text(TagColumn) != tag || !item->text(NoteColumn).isEmpty())
                return;
            const QString note = tr("takes the tag from image %1").arg(shortId(uuid));
            setNote(item, NoteColumn, note, note, false);
        });
    }
}

void ImportPreview::showAccess()
{
    for (int index = 0; index < topLevelItemCount(); ++index) {
        QTreeWidgetItem *item = topLevelItem(index);
        if (const auto note = m_access->note(item->text(ReferenceColumn)))
            setNote(item, SignInColumn, note->text, note->details, note->wantsSignIn);
    }
    Q_EMIT accessKnown();
}

QStringList ImportPreview::closedRegistries() const
{
    QStringList hosts;
    for (const QString &reference : m_importable) {
        const auto note = m_access->note(reference);
        const auto image = images::Reference::parse(reference);
        if (note && note->wantsSignIn && image && !hosts.contains(image->host))
            hosts.append(image->host);
    }
    return hosts;
}

} // namespace cooperage::gui
