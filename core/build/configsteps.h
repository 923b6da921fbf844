#pragma once

#include "core/base/error.h"
#include "core/dockerfile/expansion.h"
#include "core/dockerfile/tree.h"

#include <QJsonObject>
#include <QStringList>

namespace cooperage::build {

/// One instruction that only changes the image's config (spec 3.10 and 9): CMD, ENTRYPOINT, LABEL, EXPOSE,
/// VOLUME, STOPSIGNAL, HEALTHCHECK, SHELL, ONBUILD.
struct ConfigStep
{
    const dockerfile::Instruction &instruction;
    QJsonObject config; ///< OCI's "config" object: before and, after `apply`, behind the instruction.
    QStringList shell;  ///< Of shell forms.
    bool commandSetHere = false; ///< The stage has a CMD already, which ENTRYPOINT then keeps.
    dockerfile::VariableLookup lookup;
    QChar escape = u'\\';

    /// Returns the history entry; empty where the instruction leaves none.
    [[nodiscard]] Result<QString> apply();

private:
    [[nodiscard]] QStringList commandLine() const;
    [[nodiscard]] Result<QString> expanded(const QString &text) const;
    [[nodiscard]] Result<QString> applyLabel();
    [[nodiscard]] Result<QString> applyExpose();
    [[nodiscard]] Result<QString> applyVolume();
    [[nodiscard]] Result<QString> applyStopSignal();
    [[nodiscard]] Result<QString> applyHealthcheck();
    void applyOnbuild();
};

/// "80", "8000-8002/udp", "127.0.0.1:80:8080/tcp" to "8080/tcp"...: the container's ports, ranges enumerated.
[[nodiscard]] Result<QStringList> exposedPorts(const QString &specification);

} // namespace cooperage::build
