#pragma once

#include "core/base/error.h"

#include <QTabWidget>

namespace cooperage::gui {

class EditorPage;

/// The open files, and other places beside them.
class EditorTabs : public QTabWidget
{
    Q_OBJECT

public:
    explicit EditorTabs(QWidget *parent = nullptr);

    EditorPage *newFile();
    /// The file's tab, opened if need be. Reading goes on after the call; a file that cannot be read closes
    /// its tab again and is reported by `failed`.
    EditorPage *openFile(const QString &path);

    [[nodiscard]] EditorPage *page(int index) const;
    [[nodiscard]] EditorPage *currentPage() const;
    [[nodiscard]] EditorPage *find(const QString &path) const;
    [[nodiscard]] QList<EditorPage *> pages() const;
    [[nodiscard]] QList<EditorPage *> modifiedPages() const;
    [[nodiscard]] QStringList paths() const;

    /// Closes without asking.
    void closePage(EditorPage *page);

    /// Shows something that is no file, such as an image, as a tab of its own. Its window title is the tab's
    /// text.
    void showPlace(QWidget *place, const QString &iconName);
    /// The current tab, which is not a file; nullptr if it is one.
    [[nodiscard]] QWidget *currentPlace() const;
    /// Unless the place ignores its close event.
    void closePlace(QWidget *place);

Q_SIGNALS:
    void currentPageChanged(cooperage::gui::EditorPage *page); ///< nullptr when the last one was closed.
    /// Name, modified state or number of pages changed.
    void pagesChanged();
    void opened(const QString &path);
    void closeRequested(cooperage::gui::EditorPage *page);
    void hintChanged(const QString &hint);
    void failed(const cooperage::Error &error);

private:
    EditorPage *addPage();
    void showTitle(EditorPage *page);
};

} // namespace cooperage::gui
