#pragma once

#include "core/build/layerkey.h"
#include "core/build/variables.h"

#include <QJsonArray>
#include <QJsonObject>

namespace cooperage::build {

/// What the steps of a stage so far have set beside the file system: variables, working directory, user,
/// shell and the image's OCI config. A value: a copy is a snapshot. Expanding errors come without a place;
/// the caller adds it.
class StageState
{
public:
    StageState() = default;
    StageState(VariableMap buildArgs, VariableMap globals, QChar escape);

    /// Starts from a base image's config; nullopt where the engine keeps none, so that nothing is known of
    /// the base.
    void startFromImage(const std::optional<QJsonObject> &config);
    /// Starts from an empty file system.
    void startFromScratch();
    /// Starts as a stage whose base has this state. The variables and all config are inherited.
    void startFromStage(const StageState &base);

    /// Carries out an instruction that makes no layer: ENV, ARG, USER, LABEL... (all but FROM, RUN, COPY,
    /// ADD). For WORKDIR, the part beside the folder itself, without history.
    [[nodiscard]] Result<> apply(const dockerfile::Instruction &instruction);

    [[nodiscard]] Result<QString> expand(const QString &text) const;
    [[nodiscard]] Result<QString> expandHeredoc(const QString &body) const;
    /// `path` from the working directory, clean; a trailing slash (or "." at the end) stays as a slash.
    [[nodiscard]] QString absolute(const QString &path) const;

    [[nodiscard]] const Variables &variables() const { return m_variables; }
    /// An absolute WORKDIR is kept as it was written.
    [[nodiscard]] QString workdir() const { return m_workdir.isEmpty() ? QStringLiteral("/") : m_workdir; }
    /// Empty where neither the base nor the file says it.
    [[nodiscard]] const QString &knownWorkdir() const { return m_workdir; }
    [[nodiscard]] const QString &user() const { return m_user; }
    /// The program of shell forms; `/bin/sh -c` by default.
    [[nodiscard]] QStringList shell() const;
    [[nodiscard]] bool hasDefaultShell() const;
    [[nodiscard]] KeyState keyState() const;

    /// Image config as OCI has it: "config", "history", "architecture"..., without rootfs. Times are in it
    /// where SOURCE_DATE_EPOCH tells them, else those of `now`; with neither there are none of this build.
    [[nodiscard]] QJsonObject imageConfig(const QString &now = {}) const;
    /// Triggers that the base carries (spec 3.10, ONBUILD).
    [[nodiscard]] const QJsonArray &inheritedTriggers() const { return m_triggers; }
    /// Whether the config differs from the one that the snapshots carry since FROM.
    [[nodiscard]] bool changesConfig() const { return imageConfig() != m_baseConfig; }
    void addHistory(const QString &createdBy, bool emptyLayer);
    /// What the command line says of the image: labels, which win over all others (spec 3.10), and its time
    /// where it is told.
    void setImageOptions(const VariableMap &labels, const QString &created);

private:
    [[nodiscard]] Result<> applyEnv(const dockerfile::Instruction &instruction);
    [[nodiscard]] Result<> applyArg(const dockerfile::Instruction &instruction);
    [[nodiscard]] Result<> applyUser(const dockerfile::Instruction &instruction);
    [[nodiscard]] Result<> applyWorkdir(const dockerfile::Instruction &instruction);
    [[nodiscard]] Result<> applyConfig(const dockerfile::Instruction &instruction);
    void takeConfig(const QJsonObject &config);

    Variables m_variables;
    QChar m_escape = u'\\';
    QString m_workdir;
    QString m_user;
    QJsonObject m_image; ///< Top level of the OCI config; "config" is kept in m_config.
    QJsonObject m_config;
    QJsonArray m_history;
    QJsonObject m_baseConfig;
    QJsonArray m_triggers;
    qsizetype m_inheritedHistory = 0; ///< Entries of the base image.
    VariableMap m_labels;
    QString m_created;
    bool m_commandSetHere = false;
};

} // namespace cooperage::build
