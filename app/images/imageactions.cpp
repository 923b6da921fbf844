#include "app/images/imageactions.h"

#include "app/actions.h"
#include "app/connections/enginesession.h"
#include "app/images/imagecatalog.h"
#include "app/images/tagdialog.h"
#include "app/images/taghistorydialog.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using engine::ImageListRow;

ImageActions::ImageActions(ImageCatalog *catalog, QWidget *window)
    : QObject(window), m_catalog(catalog), m_window(window)
{
    makeActions();
    connect(catalog->session(), &EngineSession::stateChanged, this, &ImageActions::update);
    update();
}

void ImageActions::makeActions()
{
    const auto make = [this](const ActionSpec &spec, auto act) {
        QAction *action = makeAction(spec, this);
        connect(action, &QAction::triggered, this, act);
        return action;
    };
    const auto first = [this] { return m_rows.first().image; };
    m_details = make({u"imageDetails"_s, u"details"_s, tr("Show &Details"),
                      tr("Show the image's configuration, history, layers and files")},
                     [this, first] { Q_EMIT detailsWanted(first()); });
    m_compare = make(
        {u"imageCompare"_s, u"details"_s, tr("Comp&are"), tr("Show how two selected images differ")}, [this] {
            // From the older one to the newer one.
            engine::ImageRecord base = m_rows.first().image;
            engine::ImageRecord image = m_rows.last().image;
            if (image.createdAt < base.createdAt)
                std::swap(base, image);
            Q_EMIT comparisonWanted(image, base);
        });
    m_addTag =
        make({u"imageAddTag"_s, u"tag"_s, tr("Add &Tags…"), tr("Give the selected images further tags")},
             [this] { askForTag(TagPurpose::Add); });
    m_renameTag = make({u"imageRenameTag"_s, u"rename"_s, tr("&Rename Tag…"),
                        tr("Give the selected tags other names"), QKeySequence(Qt::Key_F2)},
                       [this] { askForTag(TagPurpose::Rename); });
    m_tagHistory = make({u"imageTagHistory"_s, u"history"_s, tr("Tag &History…"),
                         tr("Show where a tag pointed and when, and move it back"),
                         QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_T)},
                        [this] { showTagHistory(); });
    m_removeTag =
        make({u"imageRemoveTag"_s, u"untag"_s, tr("Re&move Tag"),
              tr("Take the selected tags away; the images themselves stay, and so do their other tags")},
             [this] {
                 QList<engine::ImageRecord> images;
                 for (const ImageListRow &row : std::as_const(m_rows)) {
                     if (!row.isPublic)
                         images.append(row.image);
                 }
                 m_catalog->removeTags(images);
             });
    m_copy = make({u"imageCopy"_s, u"copy"_s, tr("&Copy Reference"),
                   tr("Copy the images' tags, or the ids of those without one"), QKeySequence::Copy},
                  [this] {
                      QStringList references;
                      for (const ImageListRow &row : std::as_const(m_rows))
                          references.append(referenceOf(row.image));
                      QGuiApplication::clipboard()->setText(references.join(u'\n'));
                  });
    m_copyRows = make({u"imageCopyRows"_s, u"copy"_s, tr("Copy Ro&ws"),
                       tr("Copy the selected rows as a table of tab-separated values"),
                       QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C)},
                      [this] { Q_EMIT rowsCopyWanted(); });
    m_copyId = make({u"imageCopyId"_s, u"copy"_s, tr("Cop&y ID"), tr("Copy the image's whole id")},
                    [first] { QGuiApplication::clipboard()->setText(first().uuid); });
    m_useAsBase = make({u"imageUseAsBase"_s, u"from"_s, tr("&Use as Base"),
                        tr("Write the image into the FROM line of the open Dockerfile")},
                       [this, first] { Q_EMIT useAsBaseWanted(referenceOf(first())); });
    m_console = make({u"imageConsole"_s, u"console"_s, tr("Open C&onsole"),
                      tr("Open a shell in the selected image"), QKeySequence(Qt::CTRL | Qt::Key_T)},
                     [this, first] { Q_EMIT consoleWanted(first()); });
    m_run = make({u"imageRun"_s, u"run"_s, tr("Ru&n Command…"), tr("Run one command in the selected image")},
                 [this, first] { Q_EMIT runWanted(first()); });
    m_export =
        make({u"imageExport"_s, u"export"_s, tr("&Export…"), tr("Save the image as a file on this computer")},
             [this, first] { Q_EMIT exportWanted(first()); });
    m_push = make({u"imagePush"_s, u"push"_s, tr("&Push…"), tr("Send the image to a registry")},
                  [this, first] { Q_EMIT pushWanted(first()); });
    m_remove = make({u"imageRemove"_s, u"delete"_s, tr("De&lete Image"),
                     tr("Delete the selected images with all their tags"), QKeySequence::Delete},
                    [this] {
                        QStringList uuids;
                        for (const ImageListRow &row : std::as_const(m_rows))
                            uuids.append(row.image.uuid);
                        m_catalog->removeLater(uuids);
                    });
    for (QAction *action : {m_renameTag, m_copy, m_copyRows, m_remove, m_console})
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
}

QList<QList<QAction *>> ImageActions::groups() const
{
    return {{m_details, m_compare}, {m_addTag, m_renameTag, m_removeTag, m_tagHistory},
            {m_console, m_run},     {m_copy, m_copyId, m_copyRows, m_useAsBase},
            {m_export, m_push},     {m_remove}};
}

void ImageActions::askForTag(TagPurpose purpose)
{
    QList<engine::ImageRecord> images;
    for (const ImageListRow &row : std::as_const(m_rows)) {
        const bool twice = purpose == TagPurpose::Add && row.image.tag.isEmpty() &&
                           std::ranges::contains(images, row.image.uuid, &engine::ImageRecord::uuid);
        if (!twice)
            images.append(row.image);
    }
    auto *dialog = new TagDialog(images, purpose, m_catalog, m_window);
    const QString command = purpose == TagPurpose::Rename ? tr("Rename tag") : tr("Tag");
    connect(
        dialog, &TagDialog::chosen, m_catalog,
        [this, command](const QList<sessions::TagChange> &changes) { m_catalog->change(changes, command); });
    dialog->open();
}

void ImageActions::showTagHistory()
{
    auto *dialog =
        new TagHistoryDialog(m_rows.isEmpty() ? QString() : m_rows.first().image.tag, m_catalog, m_window);
    dialog->open();
}

void ImageActions::setSelection(const QList<ImageListRow> &rows)
{
    m_rows = rows;
    update();
}

bool ImageActions::isReady() const
{
    return m_catalog->session()->state() == EngineSession::State::Ready;
}

QString ImageActions::missing(const QString &extension) const
{
    const engine::EngineInfo &info = m_catalog->session()->info();
    return info.offers(extension) ? QString() : tr("%1 cannot do this.").arg(info.name);
}

void ImageActions::enable(QAction *action, bool possible, const QString &reason)
{
    action->setEnabled(possible && reason.isEmpty());
    action->setToolTip(reason.isEmpty() ? action->statusTip() : reason);
}

void ImageActions::update()
{
    const bool one = m_rows.size() == 1;
    const bool ready = isReady() && !m_rows.isEmpty();
    const auto isOwnTag = [](const ImageListRow &row) { return !row.isPublic && !row.image.tag.isEmpty(); };
    const bool isPublic = std::ranges::any_of(m_rows, &ImageListRow::isPublic);
    const QString builtIn = isPublic ? tr("Public images belong to the engine and stay.") : QString();
    enable(m_details, ready && one, {});
    enable(m_compare, ready && m_rows.size() == 2, {});
    enable(m_addTag, ready, {});
    enable(m_renameTag, ready && std::ranges::all_of(m_rows, isOwnTag), builtIn);
    enable(m_tagHistory, isReady(), {});
    enable(m_removeTag, ready && std::ranges::any_of(m_rows, isOwnTag), {});
    enable(m_copy, !m_rows.isEmpty(), {});
    enable(m_copyRows, !m_rows.isEmpty(), {});
    enable(m_copyId, one, {});
    enable(m_useAsBase, one, {});
    enable(m_console, ready && one, {});
    enable(m_run, ready && one, {});
    enable(m_export, ready && one, missing(engine::extension::exportImage));
    enable(m_push, ready && one, missing(engine::extension::push));
    const QString cannot = missing(engine::extension::removeImage);
    enable(m_remove, ready, cannot.isEmpty() ? builtIn : cannot);
}

} // namespace cooperage::gui
