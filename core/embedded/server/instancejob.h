#pragma once

#include "core/embedded/server/context.h"
#include "core/embedded/server/instancerequest.h"

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
    [[nodiscard]] Result<ProcessOutcome> runIn(const LayerDraft &draft, const ProcessSpec &spec);
    [[nodiscard]] Result<QString> keep(LayerDraft draft);
    void logReady(const RuntimeChoice &runtime, const std::string &devices);
    void logEnd(const Result<ProcessOutcome> &outcome);

    ServerContext &m_context;
    const InstanceRequest m_request;
    Operation &m_operation;
    bool m_ready = false;
};

} // namespace cooperage::embedded
