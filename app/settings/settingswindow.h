#pragma once

#include <QDialog>

class QListWidget;
class QStackedWidget;

namespace cooperage::gui {

class Workbench;

/// The program's settings: a list of pages beside the chosen one. Everything applies at once; the window may
/// stay open beside the main one.
class SettingsWindow : public QDialog
{
    Q_OBJECT

public:
    enum class Page { Registries, Connections };

    explicit SettingsWindow(Workbench *workbench, QWidget *parent = nullptr);

    void showPage(Page page);

private:
    void addPage(const QString &icon, const QString &title, QWidget *page);

    QListWidget *m_list;
    QStackedWidget *m_pages;
};

} // namespace cooperage::gui
