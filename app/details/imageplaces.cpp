#include "app/details/imageplaces.h"

#include "app/connections/enginesession.h"
#include "app/details/comparisonplace.h"
#include "app/details/filediffplace.h"
#include "app/details/fileplace.h"
#include "app/details/forwarding.h"
#include "app/details/imagechooser.h"
#include "app/details/imageplace.h"
#include "app/editor/codeeditor.h"
#include "app/editor/editorpage.h"
#include "app/editor/editortabs.h"
#include "app/images/imageactions.h"
#include "app/images/imagecatalog.h"

#include <QAction>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

ImagePlaces::ImagePlaces(ImageCatalog *catalog, ImageActions *actions, EditorTabs *tabs, QWidget *window)
    : QObject(window),
      m_catalog(catalog),
      m_layerActions(new ImageActions(catalog, window)),
      m_tabs(tabs),
      m_window(window)
{
    forwardSignals(m_layerActions, actions);
    // The list's actions keep their names and keys.
    for (const QList<QAction *> &group : m_layerActions->groups()) {
        for (QAction *action : group) {
            action->setObjectName(u"layer:"_s + action->objectName());
            action->setShortcut({});
        }
    }
}

void ImagePlaces::showImage(const engine::ImageRecord &image)
{
    for (int index = 0; index < m_tabs->count(); ++index) {
        auto *open = qobject_cast<ImagePlace *>(m_tabs->widget(index));
        if (open && open->image().uuid == image.uuid) {
            m_tabs->setCurrentWidget(open);
            return;
        }
    }
    auto *place = new ImagePlace(m_catalog->session(), image, m_layerActions, m_tabs);
    follow(place);
    m_tabs->showPlace(place, u"image"_s);
}

void ImagePlaces::follow(ImagePlace *place)
{
    connect(place, &ImagePlace::openWanted, this, &ImagePlaces::openFile);
    connect(place, &ImagePlace::differenceWanted, this, &ImagePlaces::compareFiles);
    connect(place, &ImagePlace::comparisonWanted, this, &ImagePlaces::compareSides);
    connect(place, &ImagePlace::lineWanted, this, &ImagePlaces::openLine);
    connect(place, &ImagePlace::compareWithWanted, this, [this](const ImageSide &image) {
        chooseSide(image.name, [this, image](const ImageSide &base) { compareSides(image, base); });
    });
    connect(place, &ImagePlace::compareFileWanted, this, [this](const ImageFile &file) {
        chooseSide(file.path, [this, file](const ImageSide &side) { compareFiles({side, file.path}, file); });
    });
}

void ImagePlaces::chooseSide(const QString &subject, std::function<void(const ImageSide &)> then)
{
    auto *dialog = new ImageChooser(m_catalog, subject, m_window);
    connect(dialog, &ImageChooser::chosen, this, then);
    dialog->open();
}

void ImagePlaces::compare(const engine::ImageRecord &image, const engine::ImageRecord &base)
{
    engine::Engine *engine = m_catalog->session()->engine();
    compareSides({image.uuid, referenceOf(image), engine}, {base.uuid, referenceOf(base), engine});
}

void ImagePlaces::compareSides(const ImageSide &image, const ImageSide &base)
{
    auto *place = new ComparisonPlace(m_catalog->session(), image, base, m_tabs);
    connect(place, &ComparisonPlace::openWanted, this, [this](const ImageFile &file) { openFile(file, 1); });
    connect(place, &ComparisonPlace::differenceWanted, this, &ImagePlaces::compareFiles);
    m_tabs->showPlace(place, u"compare"_s);
}

void ImagePlaces::openFile(const ImageFile &file, int line)
{
    for (int index = 0; index < m_tabs->count(); ++index) {
        auto *open = qobject_cast<FilePlace *>(m_tabs->widget(index));
        if (open && open->file() == file) {
            m_tabs->setCurrentWidget(open);
            open->goToLine(line);
            return;
        }
    }
    auto *place = new FilePlace(file, m_tabs);
    place->goToLine(line);
    m_tabs->showPlace(place, u"new"_s);
}

// A file that is not open yet comes a moment later.
void ImagePlaces::openLine(const QString &dockerfile, int line)
{
    EditorPage *page = m_tabs->openFile(dockerfile);
    const auto go = [page, line] { page->editor()->goToLine(line); };
    connect(page->document(), &Document::loaded, page->editor(), go, Qt::SingleShotConnection);
    go();
}

void ImagePlaces::compareFiles(const ImageFile &before, const ImageFile &after)
{
    m_tabs->showPlace(new FileDiffPlace(before, after, m_tabs), u"compare"_s);
}

} // namespace cooperage::gui
