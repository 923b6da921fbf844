#include "app/accessibility.h"
#include "app/actions.h"
#include "app/details/filestab.h"
#include "app/details/filestree.h"
#include "app/details/imagedetails.h"
#include "app/details/imagefilesmodel.h"
#include "app/settings.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

using namespace Qt::StringLiterals;

// The bars of the files' tab, its commands, and the dialogs that ask where to save.
namespace cooperage::gui {

void FilesTab::makeActions()
{
    const auto make = [this](const ActionSpec &spec, auto act) {
        QAction *action = makeAction(spec, this);
        connect(action, &QAction::triggered, this, act);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        m_view->addAction(action);
        return action;
    };
    m_open = make({u"imageFileOpen"_s, u"open"_s, tr("&Open"), tr("Show the selected file, read-only")},
                  [this] { Q_EMIT openWanted(selectedItems().first().file); });
    m_difference = make({u"imageFileDifference"_s, u"details"_s, tr("Show &Difference"),
                         tr("Show what the layer changed in the selected file")},
                        [this] {
                            const ImageFile file = selectedItems().first().file;
                            Q_EMIT differenceWanted({m_shown.base, file.path}, {m_shown.image, file.path});
                        });
    m_compareWith = make({u"imageFileCompareWith"_s, u"compare"_s, tr("Compare &With…"),
                          tr("Compare the selected file with the same path of another image or layer")},
                         [this] { Q_EMIT compareWithWanted(selectedItems().first().file); });
    m_save = make({u"imageFileSave"_s, u"save"_s, tr("&Save…"),
                   tr("Save the selected files, and folders with all that is in them, on this computer; you "
                      "can drag them there too")},
                  [this] { save(); });
    m_copyPath = make({u"imageFileCopyPath"_s, u"copy"_s, tr("Copy &Path"),
                       tr("Copy the paths of the selected files"), QKeySequence::Copy},
                      [this] { copyPaths(); });
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
}

QWidget *FilesTab::makeBar()
{
    auto *bar = new QWidget(this);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(6, 4, 6, 0);
    auto *label = new QLabel(tr("Files &of:"), bar);
    label->setBuddy(m_layer);
    nameWidget(m_layer, u"imageFilesLayer"_s, tr("Whole image or layer"));
    m_layer->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_layer->setMinimumContentsLength(24);
    nameWidget(m_onlyChanges, u"imageFilesOnlyChanges"_s, tr("Only what the layer changed"));
    m_onlyChanges->setChecked(true);
    layout->addWidget(label);
    layout->addWidget(m_layer, 1);
    layout->addWidget(m_onlyChanges);
    connect(m_layer, &QComboBox::currentIndexChanged, this, &FilesTab::read);
    connect(m_onlyChanges, &QCheckBox::toggled, this, &FilesTab::showModel);
    return bar;
}

QWidget *FilesTab::makeButtons()
{
    auto *bar = new QWidget(this);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(4, 2, 4, 2);
    layout->setSpacing(2);
    for (QAction *action : {m_open, m_difference, m_compareWith, m_save, m_copyPath}) {
        auto *button = new QToolButton(bar);
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
        nameWidget(button, action->objectName() + u"Button"_s, action->text().remove(u'&'));
        layout->addWidget(button);
    }
    layout->addStretch(1);
    return bar;
}

void FilesTab::save()
{
    const QList<ImageItem> items = selectedItems();
    if (items.isEmpty() || m_transfer->isRunning())
        return;
    if (items.size() == 1)
        saveOne(items.first());
    else
        saveInto(items);
}

void FilesTab::saveOne(const ImageItem &item)
{
    const QString proposal = QDir(settings::saveFolder.get()).filePath(localName(item.file));
    auto *dialog = new QFileDialog(this, item.isFolder ? tr("Save Folder As") : tr("Save File"), proposal);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this, [this, item](const QString &target) {
        settings::saveFolder.set(QFileInfo(target).absolutePath());
        m_transfer->start({{.item = item, .target = target, .replace = !item.isFolder}});
    });
    dialog->open();
}

void FilesTab::saveInto(const QList<ImageItem> &items)
{
    auto *dialog =
        new QFileDialog(this, tr("Save %1 Items Into").arg(items.size()), settings::saveFolder.get());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this, items](const QString &folder) {
        settings::saveFolder.set(folder);
        QList<FileTransfer::Job> jobs;
        for (const ImageItem &item : items)
            jobs.append({.item = item, .target = QDir(folder).filePath(localName(item.file))});
        m_transfer->start(jobs);
    });
    dialog->open();
}

} // namespace cooperage::gui
