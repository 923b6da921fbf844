#include "app/images/imagefilterbar.h"

#include "app/accessibility.h"
#include "app/icons.h"
#include "app/images/daterangedialog.h"
#include "app/settings.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using engine::ImageGrouping;
using engine::ImageListQuery;

static const QString s_dates = u"dates"_s;

ImageFilterBar::ImageFilterBar(QWidget *parent)
    : QWidget(parent), m_text(new QLineEdit(this)), m_button(new QToolButton(this)), m_menu(new QMenu(this))
{
    nameWidget(m_text, u"imageFilter"_s, tr("Filter of the images"));
    m_text->setClearButtonEnabled(true);
    m_text->setText(settings::imagesFilter.get());
    nameWidget(m_button, u"imageFilterMenu"_s, tr("Which images are shown, and how they are grouped"));
    m_button->setIcon(icon(u"filter"_s));
    m_button->setToolTip(m_button->accessibleName());
    m_button->setPopupMode(QToolButton::InstantPopup);
    m_button->setAutoRaise(true);
    m_button->setFocusPolicy(Qt::StrongFocus);
    m_button->setMenu(m_menu);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button);
    m_since = settings::imagesSince.get();
    m_until = settings::imagesUntil.get();
    fillMenu();
    showPlaceholder();
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString &text) {
        settings::imagesFilter.set(text);
        Q_EMIT changed();
    });
}

QActionGroup *ImageFilterBar::addChoices(QMenu *menu, const QString &name, const QList<Choice> &choices,
                                         const QString &current)
{
    auto *group = new QActionGroup(menu);
    for (const Choice &choice : choices) {
        QAction *action = menu->addAction(choice.text);
        action->setObjectName(name + choice.key);
        action->setStatusTip(tr("Choose which images the list shows, and how"));
        action->setData(choice.key);
        action->setCheckable(true);
        action->setChecked(choice.key == current);
        group->addAction(action);
    }
    connect(group, &QActionGroup::triggered, this, &ImageFilterBar::choose);
    return group;
}

void ImageFilterBar::fillMenu()
{
    m_menu->addSection(tr("Show"));
    m_show = addChoices(m_menu, u"filterShow-"_s,
                        {{u"tagged"_s, tr("&Tagged Images")},
                         {u"all"_s, tr("&All Images")},
                         {u"untagged"_s, tr("&Untagged Images")},
                         {u"own"_s, tr("Only Your &Own Images")},
                         {u"public"_s, tr("Only &Public Images")}},
                        settings::imagesShow.get());
    m_menu->addSection(tr("Text"));
    m_match = addChoices(
        m_menu, u"filterMatch-"_s,
        {{u"anywhere"_s, tr("Anyw&here in the Tag, or the ID")}, {u"prefix"_s, tr("&Beginning of the Tag")}},
        settings::imagesMatch.get());
    m_menu->addSection(tr("Made"));
    m_made = addChoices(m_menu, u"filterMade-"_s,
                        {{u"any"_s, tr("At A&ny Time")},
                         {u"1h"_s, tr("In the La&st Hour")},
                         {u"24h"_s, tr("In the Last &24 Hours")},
                         {u"7d"_s, tr("In the Last &7 Days")},
                         {s_dates, tr("Between &Dates…")}},
                        settings::imagesMade.get());
    m_menu->addSection(tr("Group"));
    m_group = addChoices(m_menu, u"filterGroup-"_s,
                         {{u"none"_s, tr("As One &List")},
                          {u"repository"_s, tr("By &Repository")},
                          {u"registry"_s, tr("By Re&gistry")},
                          {u"image"_s, tr("By &Image")}},
                         settings::imagesGroup.get());
}

QString ImageFilterBar::chosen(const QActionGroup *group)
{
    const QAction *action = group->checkedAction();
    return action ? action->data().toString() : QString();
}

void ImageFilterBar::choose()
{
    settings::imagesShow.set(chosen(m_show));
    settings::imagesMade.set(chosen(m_made));
    settings::imagesMatch.set(chosen(m_match));
    settings::imagesGroup.set(chosen(m_group));
    showPlaceholder();
    const auto *group = qobject_cast<QActionGroup *>(sender());
    if (group == m_made && chosen(m_made) == s_dates)
        askForDates();
    else
        Q_EMIT changed();
}

void ImageFilterBar::askForDates()
{
    auto *dialog = new DateRangeDialog(m_since, m_until, this);
    connect(dialog, &DateRangeDialog::chosen, this, &ImageFilterBar::setDates);
    dialog->open();
}

void ImageFilterBar::setDates(const QString &since, const QString &until)
{
    m_since = since;
    m_until = until;
    settings::imagesSince.set(since);
    settings::imagesUntil.set(until);
    Q_EMIT changed();
}

bool ImageFilterBar::matchesAnywhere() const
{
    return m_complete && chosen(m_match) != "prefix"_L1;
}

void ImageFilterBar::showPlaceholder()
{
    m_text->setPlaceholderText(matchesAnywhere() ? tr("Filter by tag or id") : tr("Beginning of the tag"));
}

void ImageFilterBar::apply(ImageListQuery *query) const
{
    using Show = ImageListQuery::Show;
    const QString show = chosen(m_show);
    query->show = show == "all"_L1        ? Show::All
                  : show == "untagged"_L1 ? Show::Untagged
                  : show == "own"_L1      ? Show::Own
                  : show == "public"_L1   ? Show::Public
                                          : Show::Tagged;
    const QString text = m_text->text().trimmed();
    query->text = matchesAnywhere() ? text : QString();
    query->tagPrefix = matchesAnywhere() ? QString() : text;
    const QString made = chosen(m_made);
    const bool dates = made == s_dates;
    query->since = dates ? m_since : made == "any"_L1 ? QString() : made;
    query->until = dates ? m_until : QString();
}

std::optional<ImageGrouping> ImageFilterBar::grouping() const
{
    const QString group = m_complete ? chosen(m_group) : QString();
    if (group == "repository"_L1)
        return ImageGrouping::Repository;
    if (group == "registry"_L1)
        return ImageGrouping::Registry;
    return group == "image"_L1 ? std::optional(ImageGrouping::Image) : std::nullopt;
}

bool ImageFilterBar::isFiltering() const
{
    const QString show = chosen(m_show);
    return !m_text->text().trimmed().isEmpty() || chosen(m_made) != "any"_L1 ||
           (show != "all"_L1 && show != "tagged"_L1);
}

void ImageFilterBar::clear()
{
    m_text->clear();
    m_show->actions().first()->trigger();
    m_made->actions().first()->trigger();
}

void ImageFilterBar::setComplete(bool complete, const QString &reason)
{
    m_complete = complete;
    showPlaceholder();
    QList<QAction *> limited = m_group->actions().sliced(1);
    limited += {m_show->actions().at(2), m_show->actions().at(4), m_match->actions().first()};
    for (QAction *action : limited) {
        action->setEnabled(complete);
        action->setToolTip(complete ? QString() : reason);
    }
    m_menu->setToolTipsVisible(true);
}

} // namespace cooperage::gui
