#pragma once

#include "core/engine/imagelist.h"

#include <QObject>
#include <QStringList>

class QTreeView;

namespace cooperage::gui {

class ImageBrowserModel;

/// Keeps what the user selected, opened and scrolled to, over changes of the images and restarts of the
/// program.
class ImageViewMemory : public QObject
{
    Q_OBJECT

public:
    /// The view shows the model already.
    ImageViewMemory(QTreeView *view, ImageBrowserModel *model, QObject *parent);

    /// Writes down what is to be as it is now at the next start; the view is still there.
    void save();

    /// The selected rows; empty where some of them are not in memory, so that nothing is done by halves.
    [[nodiscard]] const QList<engine::ImageListRow> &selected() const { return m_rows; }
    /// More rows are selected than are in memory.
    [[nodiscard]] bool isTooMuch() const { return m_tooMuch; }
    /// The selected rows as lines of tab-separated cells below those of the header, in the view's columns.
    [[nodiscard]] QString tableText() const;

Q_SIGNALS:
    void selectionChanged();

private:
    void noteSelection();
    void readSelection();
    void restoreSelection();
    void restoreScroll();
    void noteGroups();
    void reopenGroups();

    QTreeView *m_view;
    ImageBrowserModel *m_model;
    QList<std::pair<QString, QString>> m_chosen{}; ///< Image and tag of the rows that the user selected.
    QList<engine::ImageListRow> m_rows{};
    QStringList m_open; ///< Names of the groups that are open.
    int m_firstRow;     ///< To be scrolled to; -1: done.
    bool m_restoring = false;
    bool m_tooMuch = false;
};

} // namespace cooperage::gui
