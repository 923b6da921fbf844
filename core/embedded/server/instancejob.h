#pragma once

#include "core/embedded/server/context.h"
#include "core/embedded/server/instancereport.h"
#include "core/embedded/server/instancerequest.h"

#include <memory>

namespace cooperage::embedded {

/// One run of a command: a draft layer over the image, the files, the process, then the image of what it
/// left.
class InstanceJob
{
public:
    InstanceJob(ServerContext &context, InstanceRequest request, Operation &operation);

    /// The uuid of the resulting image; empty for a disposable run and after a time-out. A failure leaves
    /// nothing.
    [[nodiscard]] Result<QString> run();

private:
    [[nodiscard]] Result<> stage(const LayerDraft &draft);
    [[nodiscard]] ProcessSpec spec() const;
    [[nodiscard]] Result<QString> keep(LayerDraft draft);
    void logStart(const RuntimeChoice &runtime, const ProcessSpec &spec);
    void logEnd(const ProcessOutcome &outcome);
    void write(OutputStream stream, const char *bytes, std::size_t size);

    ServerContext &m_context;
    const InstanceRequest m_request;
    Operation &m_operation;
    std::shared_ptr<InstanceReport> m_report = std::make_shared<InstanceReport>();
    qint64 m_stdoutBytes = 0;
    qint64 m_stderrBytes = 0;
};

} // namespace cooperage::embedded
