#include "app/welcomepage.h"

#include "app/accessibility.h"
#include "app/connections/enginestatus.h"
#include "app/exampleproject.h"
#include "app/icons.h"
#include "app/recentfiles.h"

#include <QCommandLinkButton>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

QLabel *heading(const QString &text, double scale, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setBold(true);
    label->setFont(font);
    return label;
}

} // namespace

WelcomePage::WelcomePage(RecentFiles *recent, EngineSession *session, QWidget *parent)
    : QWidget(parent), m_recent(recent), m_list(new QListWidget(this))
{
    setObjectName(u"welcomePage"_s);
    auto *columns = new QHBoxLayout(this);
    columns->setContentsMargins(24, 12, 24, 12);
    columns->setSpacing(32);
    columns->addStretch(1);
    columns->addWidget(makeStart(session), 10);
    columns->addWidget(makeRecent(), 8);
    columns->addStretch(1);
    connect(m_list, &QListWidget::itemActivated, this, [this](const QListWidgetItem *item) {
        Q_EMIT recentWanted(item->data(Qt::UserRole).toString());
    });
    connect(recent, &RecentFiles::changed, this, &WelcomePage::refreshRecent);
    refreshRecent();
}

QWidget *WelcomePage::makeStart(EngineSession *session)
{
    auto *column = new QWidget(this);
    auto *layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(heading(tr("Cooperage"), 1.8, column));
    auto *purpose = new QLabel(tr("Write a Dockerfile, build it, look into every layer."), column);
    purpose->setWordWrap(true);
    layout->addWidget(purpose);
    layout->addSpacing(6);
    const auto add = [&](const QString &name, const QString &iconName, const QString &text,
                         const QString &about, void (WelcomePage::*wanted)()) {
        auto *button = new QCommandLinkButton(text, about, column);
        nameWidget(button, name, text);
        button->setAccessibleDescription(about);
        button->setIcon(icon(iconName, Tone::Active));
        // Else the description goes first where space is tight.
        button->setMinimumHeight(static_cast<QWidget *>(button)->heightForWidth(300));
        connect(button, &QCommandLinkButton::clicked, this, wanted);
        layout->addWidget(button);
    };
    add(u"welcomeOpen"_s, u"open"_s, tr("Open a Dockerfile"), tr("Or drop it on this window."),
        &WelcomePage::openFileWanted);
    add(u"welcomeFolder"_s, u"folder"_s, tr("Open a Folder"),
        tr("Its Dockerfile opens, the folder is what a build sees."), &WelcomePage::openFolderWanted);
    add(u"welcomeExample"_s, u"build"_s, tr("Try the Example"),
        tr("A small project is put into %1.").arg(QDir::toNativeSeparators(exampleFolder())),
        &WelcomePage::exampleWanted);
    layout->addSpacing(6);
    auto *engine = new EngineStatus(session, column);
    connect(engine, &EngineStatus::connectionsWanted, this, &WelcomePage::connectionsWanted);
    layout->addWidget(engine, 0, Qt::AlignLeft);
    layout->addStretch(1);
    return column;
}

QWidget *WelcomePage::makeRecent()
{
    auto *column = new QWidget(this);
    auto *layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    QLabel *title = heading(tr("Recent Files"), 1.2, column);
    nameWidget(m_list, u"recentList"_s, tr("Recent files"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setIconSize({16, 16});
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMinimumHeight(120);
    layout->addWidget(title);
    layout->addWidget(m_list, 1);
    return column;
}

void WelcomePage::refreshRecent()
{
    m_list->clear();
    for (const QString &path : m_recent->paths()) {
        const QFileInfo info(path);
        auto *item =
            new QListWidgetItem(icon(u"new"_s), u"%1 — %2"_s.arg(info.fileName(), info.path()), m_list);
        item->setToolTip(path);
        item->setData(Qt::UserRole, path);
    }
    if (m_list->count() == 0) {
        auto *item = new QListWidgetItem(tr("Files that you open are listed here."), m_list);
        item->setFlags(Qt::NoItemFlags);
    }
}

} // namespace cooperage::gui
