#include "app/storage/storagecommands.h"

#include "app/actions.h"
#include "app/editor/editortabs.h"
#include "app/images/imagecatalog.h"
#include "app/storage/storagecontroller.h"
#include "app/storage/storageplace.h"
#include "app/workbench.h"

using namespace Qt::StringLiterals;

namespace cooperage::gui {

StorageCommands::StorageCommands(Workbench *workbench, EditorTabs *tabs, QObject *parent)
    : QObject(parent),
      m_workbench(workbench),
      m_tabs(tabs),
      m_controller(new StorageController(workbench->session(), this)),
      m_show(makeAction({u"imageStorage"_s, u"storage"_s, tr("Stora&ge"),
                         tr("Show what takes space at the engine, and free some of it"),
                         QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D)},
                        this))
{
    connect(m_show, &QAction::triggered, this, &StorageCommands::show);
    connect(m_controller, &StorageController::freed, workbench->images(), &ImageCatalog::refresh);
}

void StorageCommands::show()
{
    if (!m_place)
        m_place = new StoragePlace(m_controller, m_workbench->session(), m_tabs);
    m_tabs->showPlace(m_place, u"storage"_s);
}

} // namespace cooperage::gui
