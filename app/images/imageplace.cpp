#include "app/images/imageplace.h"

#include "app/accessibility.h"
#include "app/actions.h"
#include "app/connections/enginesession.h"
#include "app/images/imageactions.h"
#include "app/images/imagefilesmodel.h"
#include "app/inlinemessage.h"
#include "app/settings.h"
#include "core/engine/engine.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QSaveFile>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeView>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

ImagePlace::ImagePlace(EngineSession *session, const engine::ImageRecord &image, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_image(image),
      m_message(new InlineMessage(this)),
      m_tabs(new QTabWidget(this)),
      m_model(new ImageFilesModel(session->engine(), image.uuid, this)),
      m_files(new QTreeView(this)),
      m_save(makeAction({u"imageFileSave"_s, u"save"_s, tr("&Save File…"),
                         tr("Save the selected file of the image on this computer")},
                        this))
{
    setObjectName(u"imagePlace"_s);
    setWindowTitle(tr("%1 — Image").arg(referenceOf(image)));
    m_message->setObjectName(u"imagePlaceMessage"_s);
    nameWidget(m_tabs, u"imagePlaceTabs"_s, tr("What the image consists of"));
    m_tabs->setDocumentMode(true);
    auto *id = new QLabel(tr("Image %1").arg(image.uuid), this);
    id->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    id->setMargin(6);
    m_config = addTable(u"imageConfig"_s, tr("&Configuration"), {tr("Name"), tr("Value")});
    m_history = addTable(u"imageHistory"_s, tr("&History and Layers"),
                         {tr("Step"), tr("Size"), tr("Made"), tr("Layer")});
    m_tabs->addTab(makeFiles(), tr("&Files"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(id);
    layout->addWidget(m_message);
    layout->addWidget(m_tabs, 1);
    setFocusProxy(m_tabs);
    connect(m_model, &ImageFilesModel::failed, this, &ImagePlace::fail);
    connect(m_save, &QAction::triggered, this, &ImagePlace::saveFile);
    load();
}

ImagePlace::~ImagePlace()
{
    m_stop.request_stop();
}

QTreeWidget *ImagePlace::addTable(const QString &name, const QString &title, const QStringList &columns)
{
    auto *table = new QTreeWidget(m_tabs);
    QString plain = title;
    nameWidget(table, name, plain.remove(u'&'));
    table->setHeaderLabels(columns);
    table->setRootIsDecorated(false);
    table->setUniformRowHeights(true);
    table->setAllColumnsShowFocus(true);
    table->setTextElideMode(Qt::ElideMiddle);
    m_tabs->addTab(table, title);
    return table;
}

QWidget *ImagePlace::makeFiles()
{
    auto *page = new QWidget(m_tabs);
    auto *button = new QToolButton(page);
    button->setDefaultAction(m_save);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setAutoRaise(true);
    nameWidget(button, u"imageFileSaveButton"_s, m_save->text().remove(u'&'));
    nameWidget(m_files, u"imageFiles"_s, tr("Files of the image"));
    m_files->setModel(m_model);
    m_files->setUniformRowHeights(true);
    m_files->header()->resizeSection(ImageFilesModel::NameColumn, 320);
    m_files->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_files->addAction(m_save);
    m_save->setEnabled(false);
    connect(m_files->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) {
                m_save->setEnabled(index.data(ImageFilesModel::RegularRole).toBool());
            });
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(button);
    layout->addWidget(m_files, 1);
    return page;
}

void ImagePlace::fail(const Error &error)
{
    if (error.kind == ErrorKind::Cancelled)
        return;
    m_session->report(error);
    m_message->show(Tone::Bad, error.text());
}

void ImagePlace::load()
{
    engine::Engine *engine = m_session->engine();
    QCoro::connect(engine->imageConfig(m_image.uuid, m_stop.get_token()), this,
                   [this](const Result<QJsonObject> &config) {
                       if (!config) {
                           fail(config.error());
                           return;
                       }
                       m_document = *config;
                       for (const auto &[name, value] : configRows(*config)) {
                           auto *item = new QTreeWidgetItem({name, value});
                           item->setToolTip(1, value);
                           m_config->addTopLevelItem(item);
                       }
                       m_config->resizeColumnToContents(0);
                       if (m_config->topLevelItemCount() == 0)
                           m_message->show(Tone::Neutral,
                                           tr("The image has no configuration, or its engine keeps none."));
                       showHistory();
                   });
    if (!m_session->info().offers(engine::extension::layers))
        return;
    QCoro::connect(engine->layers(m_image.uuid, m_stop.get_token()), this,
                   [this](const Result<QList<engine::LayerRecord>> &layers) {
                       if (!layers) {
                           fail(layers.error());
                           return;
                       }
                       m_layers = *layers;
                       showHistory();
                   });
}

void ImagePlace::showHistory()
{
    m_history->clear();
    for (const HistoryRow &row : historyRows(m_document, m_layers)) {
        const QDateTime created = QDateTime::fromString(row.created, Qt::ISODateWithMs);
        const QString when =
            created.isValid() ? QLocale().toString(created.toLocalTime(), QLocale::ShortFormat) : QString();
        auto *item = new QTreeWidgetItem({row.text.simplified(),
                                          row.size < 0 ? QString() : QLocale().formattedDataSize(row.size),
                                          when, row.layer});
        item->setToolTip(0, row.text);
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        m_history->addTopLevelItem(item);
    }
    m_history->header()->resizeSection(0, 420);
}

void ImagePlace::saveFile()
{
    const QString path = m_files->currentIndex().data(ImageFilesModel::PathRole).toString();
    const QString target = QDir(settings::exportFolder.get()).filePath(QFileInfo(path).fileName());
    auto *dialog = new QFileDialog(this, tr("Save File"), target);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this, [this, path](const QString &chosen) {
        auto file = std::make_shared<QSaveFile>(chosen);
        if (!file->open(QFile::WriteOnly)) {
            fail({ErrorKind::Failed, file->errorString(), chosen});
            return;
        }
        QCoro::connect(m_session->engine()->download(m_image.uuid, path, file.get(), m_stop.get_token()),
                       this, [this, file, path](const Result<> &fetched) {
                           if (!fetched)
                               fail(fetched.error());
                           else if (!file->commit())
                               fail({ErrorKind::Failed, file->errorString(), file->fileName()});
                           else
                               m_message->show(Tone::Good, tr("Saved %1 as %2.").arg(path, file->fileName()));
                       });
    });
    dialog->open();
}

} // namespace cooperage::gui
