#pragma once

#include "core/embedded/runtime/run.h"
#include "core/embedded/server/imageviews.h"
#include "core/embedded/server/operationrunner.h"
#include "core/embedded/server/router.h"
#include "core/embedded/server/server.h"
#include "core/embedded/store/store.h"

namespace cooperage::embedded {

/// What the resources work on; lives as long as the server.
struct ServerContext
{
    Store &store;
    const Result<RuntimeChoice> &runtime;
    const ServerOptions &options;
    OperationRunner &operations;
    ImageViews &views;
};

/// Cap of `timeout`, in seconds.
inline constexpr int instanceMaxTimeout = 3600;

// Each resource adds its routes; one file each.
void addWhoami(Router &router, ServerContext &context);
void addImages(Router &router, ServerContext &context);
void addImports(Router &router, ServerContext &context);
void addFiles(Router &router, ServerContext &context);
void addInstances(Router &router, ServerContext &context);
void addSubprocesses(Router &router, ServerContext &context);
void addOperations(Router &router, ServerContext &context);
void addEvents(Router &router, ServerContext &context);
void addInspect(Router &router, ServerContext &context);
void addGrep(Router &router, ServerContext &context);
void addFind(Router &router, ServerContext &context);
void addArchive(Router &router, ServerContext &context);
void addCommits(Router &router, ServerContext &context);
void addStorage(Router &router, ServerContext &context);
void addImageConfig(Router &router, ServerContext &context);
void addImageList(Router &router, ServerContext &context);
void addImageDiff(Router &router, ServerContext &context);
void addLayerImages(Router &router, ServerContext &context);
void addExports(Router &router, ServerContext &context);
void addPushes(Router &router, ServerContext &context);

} // namespace cooperage::embedded
