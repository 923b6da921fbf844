#include "app/settings/settingswindow.h"

#include "app/accessibility.h"
#include "app/connections/connectionspage.h"
#include "app/credentials/registriespage.h"
#include "app/icons.h"
#include "app/workbench.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QListWidget>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

SettingsWindow::SettingsWindow(Workbench *workbench, QWidget *parent)
    : QDialog(parent), m_list(new QListWidget(this)), m_pages(new QStackedWidget(this))
{
    setObjectName(u"settingsWindow"_s);
    setWindowTitle(tr("Settings"));
    nameWidget(m_list, u"settingsPages"_s, tr("Pages of the settings"));
    m_list->setMaximumWidth(160);
    // In the order of enum Page.
    addPage(u"account"_s, tr("Registries"), new RegistriesPage(workbench->secrets(), m_pages));
    addPage(u"engine"_s, tr("Connections"),
            new ConnectionsPage(workbench->session(), workbench->secrets(), m_pages));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto *middle = new QHBoxLayout;
    middle->addWidget(m_list);
    middle->addWidget(m_pages, 1);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(middle, 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_list, &QListWidget::currentRowChanged, m_pages, &QStackedWidget::setCurrentIndex);
    m_list->setCurrentRow(0);
    resize(880, 480);
}

void SettingsWindow::addPage(const QString &iconName, const QString &title, QWidget *page)
{
    new QListWidgetItem(icon(iconName), title, m_list);
    m_pages->addWidget(page);
}

void SettingsWindow::showPage(Page page)
{
    m_list->setCurrentRow(static_cast<int>(page));
    show();
    raise();
    activateWindow();
    m_list->setFocus();
}

} // namespace cooperage::gui
