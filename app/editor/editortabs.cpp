#include "app/editor/editortabs.h"

#include "app/editor/editorpage.h"
#include "app/icons.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

EditorTabs::EditorTabs(QWidget *parent) : QTabWidget(parent)
{
    setObjectName(u"editorTabs"_s);
    setAccessibleName(tr("Open files"));
    setDocumentMode(true);
    setMovable(true);
    setTabsClosable(true);
    setElideMode(Qt::ElideMiddle);
    connect(this, &QTabWidget::currentChanged, this, [this] {
        Q_EMIT currentPageChanged(currentPage());
        Q_EMIT pagesChanged();
    });
    connect(this, &QTabWidget::tabCloseRequested, this, [this](int index) {
        if (EditorPage *file = page(index))
            Q_EMIT closeRequested(file);
        else
            closePlace(widget(index));
    });
}

EditorPage *EditorTabs::addPage()
{
    auto *page = new EditorPage(this);
    Document *document = page->document();
    connect(document, &Document::titleChanged, this, [this, page] { showTitle(page); });
    connect(document, &Document::modifiedChanged, this, [this, page] { showTitle(page); });
    connect(document, &Document::saved, this, [this, document] { Q_EMIT opened(document->path()); });
    connect(page, &EditorPage::hintChanged, this, [this, page](const QString &hint) {
        if (page == currentPage())
            Q_EMIT hintChanged(hint);
    });
    addTab(page, {});
    showTitle(page);
    setCurrentWidget(page);
    return page;
}

EditorPage *EditorTabs::newFile()
{
    EditorPage *page = addPage();
    page->setFocus();
    return page;
}

EditorPage *EditorTabs::openFile(const QString &path)
{
    if (EditorPage *open = find(path)) {
        setCurrentWidget(open);
        return open;
    }
    EditorPage *page = addPage();
    Document *document = page->document();
    connect(document, &Document::loaded, this, [this, document] { Q_EMIT opened(document->path()); });
    connect(document, &Document::loadFailed, this, [this, page](const Error &error) {
        closePage(page);
        Q_EMIT failed(error);
    });
    document->load(path);
    page->setFocus();
    return page;
}

EditorPage *EditorTabs::page(int index) const
{
    return qobject_cast<EditorPage *>(widget(index));
}

EditorPage *EditorTabs::currentPage() const
{
    return page(currentIndex());
}

EditorPage *EditorTabs::find(const QString &path) const
{
    const QString wanted = QFileInfo(path).absoluteFilePath();
    for (EditorPage *page : pages()) {
        if (page->document()->path() == wanted)
            return page;
    }
    return nullptr;
}

QList<EditorPage *> EditorTabs::pages() const
{
    QList<EditorPage *> result;
    for (int index = 0; index < count(); ++index) {
        if (EditorPage *file = page(index))
            result.append(file);
    }
    return result;
}

QList<EditorPage *> EditorTabs::modifiedPages() const
{
    QList<EditorPage *> result = pages();
    result.removeIf([](EditorPage *page) { return !page->document()->isModified(); });
    return result;
}

QStringList EditorTabs::paths() const
{
    QStringList result;
    for (EditorPage *page : pages())
        result.append(page->document()->path());
    result.removeAll(QString());
    return result;
}

void EditorTabs::closePage(EditorPage *page)
{
    removeTab(indexOf(page));
    page->deleteLater();
}

void EditorTabs::showPlace(QWidget *place, const QString &iconName)
{
    if (indexOf(place) < 0) {
        const auto title = [place] { return place->windowTitle().replace(u'&', "&&"_L1); };
        addTab(place, icon(iconName), title());
        connect(place, &QWidget::windowTitleChanged, this, [this, place, title] {
            setTabText(indexOf(place), title());
            Q_EMIT pagesChanged();
        });
    }
    setCurrentWidget(place);
    place->setFocus();
}

QWidget *EditorTabs::currentPlace() const
{
    return currentPage() ? nullptr : currentWidget();
}

void EditorTabs::closePlace(QWidget *place)
{
    if (!place->close())
        return;
    removeTab(indexOf(place));
    place->deleteLater();
}

void EditorTabs::showTitle(EditorPage *page)
{
    const int index = indexOf(page);
    if (index < 0)
        return;
    const Document *document = page->document();
    QString title = document->title();
    title.replace(u'&', "&&"_L1);
    setTabText(index, document->isModified() ? u"● "_s + title : title);
    setTabToolTip(index,
                  document->isModified() ? tr("%1 (not saved)").arg(document->path()) : document->path());
    setTabIcon(index, icon(document->isDockerfile() ? u"build"_s : u"new"_s));
    Q_EMIT pagesChanged();
}

} // namespace cooperage::gui
