#include "app/details/searchtab.h"

#include "app/accessibility.h"
#include "app/actions.h"
#include "app/details/imagedetails.h"
#include "app/details/rowscopy.h"
#include "app/icons.h"
#include "app/inlinemessage.h"
#include "app/settings.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

SearchTab::SearchTab(ImageDetails *details, QWidget *parent)
    : QWidget(parent),
      m_details(details),
      m_search(new ImageSearch(details->engine(), details->image().uuid, this)),
      m_message(new InlineMessage(this)),
      m_where(new QComboBox(this)),
      m_pattern(new QLineEdit(this)),
      m_folder(new QLineEdit(u"/"_s, this)),
      m_case(new QCheckBox(tr("&Match case"), this)),
      m_expression(new QCheckBox(tr("Regular e&xpression"), this)),
      m_start(new QPushButton(this)),
      m_summary(new QLabel(this)),
      m_view(new QTreeView(this)),
      m_open(makeAction(
          {u"foundOpen"_s, u"open"_s, tr("&Open"), tr("Show the file that was found, read-only")}, this)),
      m_reveal(makeAction({u"foundReveal"_s, u"goto"_s, tr("Show in &Tree"),
                           tr("Select the file that was found in the tree of files")},
                          this))
{
    m_message->setObjectName(u"searchMessage"_s);
    makeResults();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeForm());
    layout->addWidget(m_message);
    layout->addWidget(m_view, 1);
    setFocusProxy(m_pattern);
    connect(m_search, &ImageSearch::changed, this, &SearchTab::update);
    connect(m_search, &ImageSearch::failed, this,
            [this](const Error &error) { m_message->show(Tone::Bad, error.text()); });
    update();
}

SearchTab::~SearchTab()
{
    settings::foundHeader.set(m_view->header()->saveState());
}

QWidget *SearchTab::makeForm()
{
    auto *form = new QWidget(this);
    auto *layout = new QGridLayout(form);
    layout->setContentsMargins(6, 4, 6, 4);
    m_where->addItem(tr("Names"), int(ImageSearch::Where::Names));
    m_where->addItem(tr("Contents"), int(ImageSearch::Where::Contents));
    nameWidget(m_where, u"searchWhere"_s, tr("What to search"));
    nameWidget(m_pattern, u"searchPattern"_s, tr("What to search for"));
    nameWidget(m_folder, u"searchFolder"_s, tr("Folder to search below"));
    nameWidget(m_case, u"searchCase"_s, tr("Match case"));
    nameWidget(m_expression, u"searchExpression"_s, tr("Regular expression"));
    nameWidget(m_start, u"searchStart"_s, tr("Start or stop the search"));
    nameWidget(m_summary, u"searchSummary"_s, tr("Result of the search"));
    m_pattern->setClearButtonEnabled(true);
    const auto label = [form](const QString &text, QWidget *buddy) {
        auto *made = new QLabel(text, form);
        made->setBuddy(buddy);
        return made;
    };
    layout->addWidget(label(tr("L&ook in:"), m_where), 0, 0);
    layout->addWidget(m_where, 0, 1);
    layout->addWidget(m_pattern, 0, 2, 1, 3);
    layout->addWidget(m_start, 0, 5);
    layout->addWidget(label(tr("&Under:"), m_folder), 1, 0);
    layout->addWidget(m_folder, 1, 1, 1, 2);
    layout->addWidget(m_case, 1, 3);
    layout->addWidget(m_expression, 1, 4);
    auto *row = new QHBoxLayout;
    row->addWidget(m_summary, 1);
    for (QAction *action : {m_open, m_reveal}) {
        auto *button = new QToolButton(form);
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
        nameWidget(button, action->objectName() + u"Button"_s, action->text().remove(u'&'));
        row->addWidget(button);
    }
    layout->addLayout(row, 2, 0, 1, 6);
    layout->setColumnStretch(2, 1);
    connect(m_where, &QComboBox::currentIndexChanged, this, &SearchTab::update);
    connect(m_pattern, &QLineEdit::textChanged, this, &SearchTab::update);
    connect(m_pattern, &QLineEdit::returnPressed, this, &SearchTab::start);
    connect(m_folder, &QLineEdit::returnPressed, this, &SearchTab::start);
    connect(m_start, &QPushButton::clicked, this, [this] {
        if (m_search->isRunning())
            m_search->stop();
        else
            start();
    });
    return form;
}

void SearchTab::makeResults()
{
    nameWidget(m_view, u"searchResults"_s, tr("What was found"));
    m_view->setModel(m_search);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->header()->resizeSection(ImageSearch::PathColumn, 420);
    m_view->header()->resizeSection(ImageSearch::LineColumn, 80);
    m_view->header()->restoreState(settings::foundHeader.get());
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->addActions({m_open, m_reveal});
    addRowsCopy(m_view);
    connect(m_open, &QAction::triggered, this, [this] { open(m_view->currentIndex()); });
    connect(m_reveal, &QAction::triggered, this,
            [this] { Q_EMIT pathWanted(m_view->currentIndex().data(ImageSearch::PathRole).toString()); });
    connect(m_view, &QTreeView::activated, this, &SearchTab::open);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &SearchTab::update);
}

void SearchTab::open(const QModelIndex &index)
{
    const QString path = index.data(ImageSearch::PathRole).toString();
    if (index.data(ImageSearch::FolderRole).toBool())
        Q_EMIT pathWanted(path);
    else if (index.isValid())
        Q_EMIT openWanted({m_details->side(), path},
                          std::max(1, index.data(ImageSearch::LineNumberRole).toInt()));
}

void SearchTab::start()
{
    m_message->hide();
    const QString folder = QDir::cleanPath(u'/' + m_folder->text().trimmed());
    m_folder->setText(folder.startsWith("//"_L1) ? folder.sliced(1) : folder);
    m_search->start({.where = ImageSearch::Where(m_where->currentData().toInt()),
                     .pattern = m_pattern->text(),
                     .folder = m_folder->text(),
                     .caseSensitive = m_case->isChecked(),
                     .isExpression = m_expression->isChecked()});
}

void SearchTab::update()
{
    const bool names = m_where->currentData().toInt() == int(ImageSearch::Where::Names);
    const bool running = m_search->isRunning();
    m_pattern->setPlaceholderText(names ? tr("Part of a name, or a pattern such as *.conf or /etc/*.d/*")
                                        : tr("Text in files"));
    m_expression->setEnabled(!names);
    m_expression->setToolTip(names ? tr("Names are searched by part or by pattern.")
                                   : tr("Otherwise the text is searched as it stands there"));
    m_start->setText(running ? tr("Sto&p") : tr("Sea&rch"));
    m_start->setIcon(icon(running ? u"stop"_s : u"search"_s));
    m_start->setEnabled(running || !m_pattern->text().isEmpty());
    m_summary->setText(m_search->summary().isEmpty()
                           ? tr("Links are not followed; binary files have no text.")
                           : m_search->summary());
    const QModelIndex current = m_view->currentIndex();
    m_reveal->setEnabled(current.isValid());
    m_open->setEnabled(current.isValid() && !current.data(ImageSearch::FolderRole).toBool());
    // The size of a name that was found stands beside it.
    m_view->setColumnHidden(ImageSearch::TextColumn, m_search->where() == ImageSearch::Where::Names);
    m_view->header()->setStretchLastSection(m_search->where() == ImageSearch::Where::Contents);
}

} // namespace cooperage::gui
