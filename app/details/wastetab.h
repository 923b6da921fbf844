#pragma once

#include "core/base/error.h"
#include "core/engine/imageparts.h"

#include <QWidget>

#include <stop_token>

class QLabel;
class QSortFilterProxyModel;
class QStackedWidget;
class QTreeView;

namespace cooperage::gui {

class ImageDetails;
class InlineMessage;
class WasteModel;

/// What an image's layers hold in vain: files that upper layers replace or remove.
class WasteTab : public QWidget
{
    Q_OBJECT

public:
    explicit WasteTab(ImageDetails *details, QWidget *parent = nullptr);
    ~WasteTab() override;

Q_SIGNALS:
    void layerWanted(int layer); ///< The files of the layer that holds the selected one.

protected:
    void showEvent(QShowEvent *event) override;

private:
    void makeView();
    void ask();
    void showReport(const Result<engine::WasteReport> &report);

    ImageDetails *m_details;
    InlineMessage *m_message;
    QLabel *m_summary;
    WasteModel *m_model;
    QSortFilterProxyModel *m_sorted;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QTreeView *m_view;
    QAction *m_files;
    bool m_asked = false;
    std::stop_source m_stop;
};

} // namespace cooperage::gui
