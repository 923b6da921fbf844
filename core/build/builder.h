#pragma once

#include "core/build/buildevent.h"
#include "core/build/buildsecrets.h"
#include "core/engine/engine.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>

namespace cooperage::sessions {
class SessionStore;
}

namespace cooperage::build {

/// Finds the account for the registry of an image, if there is one. Its error is shown as a warning.
using CredentialSource =
    std::function<engine::Task<std::optional<engine::Credentials>>(QString reference, std::stop_token stop)>;

struct BuildRequest
{
    QString contextFolder;
    QString dockerfilePath{};                ///< Empty: `<context>/Dockerfile`.
    std::optional<QString> dockerfileText{}; ///< The editor's text instead of the file's.
    QStringList tags{};
    QMap<QString, QString> buildArgs{};
    QMap<QString, QString> labels{}; ///< Of the image; they win over those of the Dockerfile.
    QString target{};
    QString platform{}; ///< "linux/amd64"; any other than this machine's is refused. Empty: this machine's.
    bool noCache = false;
    int timeoutSeconds = 600; ///< Per RUN.
    bool builtInExcludes = true;
    QList<SecretSource> secrets{};
    QList<AgentSource> agents{};
    QString network{}; ///< Of RUNs that do not say: "none", "host"; empty or "default": the engine's own.
    CredentialSource credentials{}; ///< For images that a FROM fetches; empty: nobody signs in.
};

/// Carries out one build: reads the Dockerfile, plans, takes from the cache what it can, lets the engine do
/// the rest, tags the result. Stages with no path between them run side by side. Everything that happens
/// comes as `event`, in order, on the object's thread; the last one is BuildFinished.
class Builder : public QObject
{
    Q_OBJECT

public:
    /// Both must outlive the builder.
    Builder(engine::Engine *engine, sessions::SessionStore *sessions, QObject *parent = nullptr);
    ~Builder() override;

    /// One build per object at a time.
    [[nodiscard]] engine::Task<BuildResult> build(BuildRequest request);
    /// Ends the running build: running steps' processes are killed, committed layers stay cached.
    void stop();

Q_SIGNALS:
    void event(const cooperage::build::BuildEvent &event);
    /// The registry at `host` refused a FROM's image, with the credentials that there were or without.
    void signInNeeded(const QString &host);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace cooperage::build
