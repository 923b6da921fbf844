#include "app/resources.h"

#include <QDir>

// The macro declares a function, which must not be inside a namespace.
static void registerResources()
{
    Q_INIT_RESOURCE(cooperage);
}

namespace cooperage::gui {

void loadResources()
{
    registerResources();
}

} // namespace cooperage::gui
