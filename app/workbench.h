#pragma once

#include <QObject>

namespace cooperage::credentials {
class SecretStore;
}

namespace cooperage::gui {

class Appearance;
class BuildController;
class EngineSession;
class ImageCatalog;
class RecentFiles;
class TransferQueue;

/// What lives as long as the program and is not a window: the engine, the running build, the images, the
/// user's lists.
class Workbench : public QObject
{
    Q_OBJECT

public:
    explicit Workbench(QObject *parent = nullptr);

    [[nodiscard]] Appearance *appearance() const { return m_appearance; }
    [[nodiscard]] credentials::SecretStore *secrets() const { return m_secrets; }
    [[nodiscard]] EngineSession *session() const { return m_session; }
    [[nodiscard]] BuildController *builds() const { return m_builds; }
    [[nodiscard]] ImageCatalog *images() const { return m_images; }
    [[nodiscard]] TransferQueue *transfers() const { return m_transfers; }
    [[nodiscard]] RecentFiles *recentFiles() const { return m_recentFiles; }

private:
    Appearance *m_appearance;
    credentials::SecretStore *m_secrets;
    EngineSession *m_session;
    BuildController *m_builds;
    ImageCatalog *m_images;
    TransferQueue *m_transfers;
    RecentFiles *m_recentFiles;
};

} // namespace cooperage::gui
