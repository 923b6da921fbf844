#include "app/workbench.h"

#include "app/appearance.h"
#include "app/buildpane/buildcontroller.h"
#include "app/connections/enginesession.h"
#include "app/images/imagecatalog.h"
#include "app/recentfiles.h"
#include "app/resources.h"
#include "app/transfers/transferqueue.h"
#include "core/credentials/secretstore.h"

namespace cooperage::gui {

Workbench::Workbench(QObject *parent)
    : QObject(parent),
      m_appearance(new Appearance(this)),
      m_secrets(new credentials::SecretStore(this)),
      m_session(new EngineSession(m_secrets, this)),
      m_builds(new BuildController(m_session, this)),
      m_images(new ImageCatalog(m_session, this)),
      m_transfers(new TransferQueue(m_session, this)),
      m_recentFiles(new RecentFiles(this))
{
    loadResources();
    connect(m_builds, &BuildController::finished, m_images, &ImageCatalog::refresh);
}

} // namespace cooperage::gui
