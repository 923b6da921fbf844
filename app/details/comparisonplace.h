#pragma once

#include "app/details/comparisonmodel.h"
#include "app/details/imagefile.h"
#include "core/base/error.h"

#include <QJsonObject>
#include <QWidget>

#include <optional>
#include <stop_token>

class QAction;
class QLabel;
class QSortFilterProxyModel;
class QTabWidget;
class QTreeView;
class QTreeWidget;

namespace cooperage::gui {

class EngineSession;
class InlineMessage;

/// Two images, or layers of them, side by side in a tab of the window: what came, changed and went from the
/// first to the second in files, configuration and size.
class ComparisonPlace : public QWidget
{
    Q_OBJECT

public:
    ComparisonPlace(EngineSession *session, ImageSide image, ImageSide base, QWidget *parent = nullptr);
    ~ComparisonPlace() override;

Q_SIGNALS:
    void openWanted(const cooperage::gui::ImageFile &file);
    void differenceWanted(const cooperage::gui::ImageFile &before, const cooperage::gui::ImageFile &after);

private:
    QWidget *makeFiles();
    QTreeWidget *makeFacts(const QString &name, const QString &title);
    void ask();
    void askForConfigs();
    void askForLayers();
    void showDiff(const Result<engine::ImageDiff> &diff);
    void showFacts(QTreeWidget *table, const QList<FactChange> &facts);
    void fail(const Error &error);
    void update();
    void open();

    EngineSession *m_session;
    ImageSide m_image;
    ImageSide m_base;
    InlineMessage *m_message;
    QLabel *m_summary;
    QTabWidget *m_tabs;
    ComparisonModel *m_model;
    QSortFilterProxyModel *m_sorted;
    QTreeView *m_view;
    QAction *m_open;
    QTreeWidget *m_config;
    QTreeWidget *m_sizes;
    std::stop_source m_stop;
};

} // namespace cooperage::gui
