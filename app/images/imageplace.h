#pragma once

#include "core/base/error.h"
#include "core/engine/values.h"

#include <QWidget>

#include <stop_token>

class QLabel;
class QTabWidget;
class QTreeView;
class QTreeWidget;

namespace cooperage::gui {

class EngineSession;
class ImageFilesModel;
class InlineMessage;

/// One image in a tab of the window: configuration, history with its layers, files.
class ImagePlace : public QWidget
{
    Q_OBJECT

public:
    ImagePlace(EngineSession *session, const engine::ImageRecord &image, QWidget *parent = nullptr);
    ~ImagePlace() override;

    [[nodiscard]] const engine::ImageRecord &image() const { return m_image; }

private:
    QTreeWidget *addTable(const QString &name, const QString &title, const QStringList &columns);
    QWidget *makeFiles();
    void load();
    void showHistory();
    void saveFile();
    void fail(const Error &error);

    EngineSession *m_session;
    engine::ImageRecord m_image;
    InlineMessage *m_message;
    QTabWidget *m_tabs;
    QTreeWidget *m_config;
    QTreeWidget *m_history;
    ImageFilesModel *m_model;
    QTreeView *m_files;
    QAction *m_save;
    QJsonObject m_document{};
    QList<engine::LayerRecord> m_layers{};
    std::stop_source m_stop;
};

/// What an OCI config says, as names and values for people.
[[nodiscard]] QList<std::pair<QString, QString>> configRows(const QJsonObject &config);

/// One line of an image's history.
struct HistoryRow
{
    QString text;
    QString created{};
    qint64 size = -1; ///< -1: it made no layer.
    QString layer{};  ///< The layer's digest, where known.
};

/// History entries with the layers that they made, bottom to top; layers without an entry come as they are.
[[nodiscard]] QList<HistoryRow> historyRows(const QJsonObject &config,
                                            const QList<engine::LayerRecord> &layers);

} // namespace cooperage::gui
