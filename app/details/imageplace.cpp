#include "app/details/imageplace.h"

#include "app/accessibility.h"
#include "app/actions.h"
#include "app/connections/enginesession.h"
#include "app/details/filestab.h"
#include "app/details/imagedetails.h"
#include "app/details/layerstab.h"
#include "app/details/searchtab.h"
#include "app/details/wastetab.h"
#include "app/images/imageactions.h"
#include "app/inlinemessage.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

ImagePlace::ImagePlace(EngineSession *session, const engine::ImageRecord &image, ImageActions *layerActions,
                       QWidget *parent)
    : QWidget(parent),
      m_details(new ImageDetails(session, image, this)),
      m_message(new InlineMessage(this)),
      m_tabs(new QTabWidget(this)),
      m_config(makeConfig())
{
    setObjectName(u"imagePlace"_s);
    setWindowTitle(tr("%1 — Image").arg(referenceOf(image)));
    m_message->setObjectName(u"imagePlaceMessage"_s);
    nameWidget(m_tabs, u"imagePlaceTabs"_s, tr("What the image consists of"));
    m_tabs->setDocumentMode(true);
    makeTabs(layerActions);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHeading());
    layout->addWidget(m_message);
    layout->addWidget(m_tabs, 1);
    setFocusProxy(m_tabs);
    connect(m_details, &ImageDetails::failed, this, &ImagePlace::fail);
    connect(m_details, &ImageDetails::configRead, this, &ImagePlace::showConfig);
    m_details->load();
}

const engine::ImageRecord &ImagePlace::image() const
{
    return m_details->image();
}

QWidget *ImagePlace::makeHeading()
{
    auto *row = new QWidget(this);
    auto *id = new QLabel(tr("Image %1").arg(image().uuid), row);
    id->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    id->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    QAction *compare = makeAction({u"placeCompareWith"_s, u"compare"_s, tr("Co&mpare With…"),
                                   tr("Compare this image with another image or one of its layers")},
                                  this);
    connect(compare, &QAction::triggered, this, [this] { Q_EMIT compareWithWanted(m_details->side()); });
    auto *button = new QToolButton(row);
    button->setDefaultAction(compare);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    nameWidget(button, u"placeCompareWithButton"_s, compare->text().remove(u'&'));
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(6, 2, 4, 2);
    layout->addWidget(id, 1);
    layout->addWidget(button);
    return row;
}

QTreeWidget *ImagePlace::makeConfig()
{
    auto *table = new QTreeWidget(m_tabs);
    nameWidget(table, u"imageConfig"_s, tr("Configuration"));
    table->setHeaderLabels({tr("Name"), tr("Value")});
    table->setRootIsDecorated(false);
    table->setUniformRowHeights(true);
    table->setAllColumnsShowFocus(true);
    table->setTextElideMode(Qt::ElideMiddle);
    return table;
}

void ImagePlace::makeTabs(ImageActions *layerActions)
{
    auto *layers = new LayersTab(m_details, layerActions, m_tabs);
    m_files = new FilesTab(m_details, m_tabs);
    auto *search = new SearchTab(m_details, m_tabs);
    auto *waste = new WasteTab(m_details, m_tabs);
    m_tabs->addTab(m_config, tr("Confi&guration"));
    m_tabs->addTab(layers, tr("Histor&y and Layers"));
    m_tabs->addTab(m_files, tr("Fi&les"));
    m_tabs->addTab(search, tr("Se&arch"));
    m_tabs->addTab(waste, tr("&Wasted Space"));
    connect(layers, &LayersTab::comparisonWanted, this, &ImagePlace::comparisonWanted);
    connect(layers, &LayersTab::compareWithWanted, this, &ImagePlace::compareWithWanted);
    connect(layers, &LayersTab::lineWanted, this, &ImagePlace::lineWanted);
    connect(layers, &LayersTab::filesWanted, this, &ImagePlace::showLayerFiles);
    connect(waste, &WasteTab::layerWanted, this, &ImagePlace::showLayerFiles);
    connect(m_files, &FilesTab::openWanted, this,
            [this](const ImageFile &file) { Q_EMIT openWanted(file, 1); });
    connect(m_files, &FilesTab::differenceWanted, this, &ImagePlace::differenceWanted);
    connect(m_files, &FilesTab::compareWithWanted, this, &ImagePlace::compareFileWanted);
    connect(search, &SearchTab::openWanted, this, &ImagePlace::openWanted);
    connect(search, &SearchTab::pathWanted, this, [this](const QString &path) {
        m_tabs->setCurrentWidget(m_files);
        m_files->showPath(path);
    });
}

void ImagePlace::showLayerFiles(int layer)
{
    m_tabs->setCurrentWidget(m_files);
    m_files->showLayer(layer);
}

void ImagePlace::fail(const Error &error)
{
    m_message->show(Tone::Bad, error.text());
}

void ImagePlace::showConfig()
{
    m_config->clear();
    for (const auto &[name, value] : configRows(m_details->config())) {
        auto *item = new QTreeWidgetItem({name, value});
        item->setToolTip(1, value);
        m_config->addTopLevelItem(item);
    }
    m_config->resizeColumnToContents(0);
    if (m_config->topLevelItemCount() == 0)
        m_message->show(Tone::Neutral, tr("The image has no configuration, or its engine keeps none."));
}

} // namespace cooperage::gui
