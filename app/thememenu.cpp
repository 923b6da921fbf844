#include "app/thememenu.h"

#include "app/actions.h"
#include "app/appearance.h"
#include "app/settings.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

struct ThemeText
{
    Q_DECLARE_TR_FUNCTIONS(ThemeMenu)
};

} // namespace

void fillThemeMenu(QMenu *menu, Appearance *appearance)
{
    auto *group = new QActionGroup(menu);
    for (const auto &[theme, text] :
         {std::pair{Theme::System, ThemeText::tr("As the &System")},
          std::pair{Theme::Light, ThemeText::tr("&Light")}, std::pair{Theme::Dark, ThemeText::tr("&Dark")}}) {
        QAction *action = makeAction(
            {u"theme-"_s + themeName(theme), u"theme"_s, text, ThemeText::tr("Change the window's colours")},
            group);
        action->setCheckable(true);
        action->setChecked(appearance->theme() == theme);
        QObject::connect(action, &QAction::triggered, appearance, [appearance, theme] {
            appearance->setTheme(theme);
            settings::theme.set(themeName(theme));
        });
        menu->addAction(action);
    }
}

} // namespace cooperage::gui
