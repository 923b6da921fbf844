#pragma once

#include "core/embedded/runtime/busyboximage.h"
#include "core/embedded/runtime/run.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <unistd.h>

namespace cooperage::test {

/// A store with the busybox image in a folder whose name holds a space, and the runtime that works here.
/// `missing` says why there is none.
struct BusyboxStore
{
    QTemporaryDir folder;
    std::unique_ptr<embedded::Store> store;
    embedded::RuntimeChoice runtime;
    std::vector<embedded::LayerId> layers;
    QString missing;

    BusyboxStore()
    {
        const QString busybox = embedded::staticBusybox();
        if (::geteuid() != 0)
            missing = QStringLiteral("mounting needs root: this is an ordinary user");
        else if (busybox.isEmpty())
            missing = QStringLiteral("there is no static busybox on this machine");
        else
            open(busybox);
    }

private:
    void open(const QString &busybox)
    {
        auto opened = embedded::Store::open(folder.filePath(QStringLiteral("a store")));
        if (!opened) {
            missing = opened.error().text();
            return;
        }
        store = std::move(*opened);
        if (const auto made = embedded::ensureBusyboxImage(*store, busybox); !made) {
            missing = made.error().text();
            return;
        }
        layers = store->image(*store->uuidOfTag(QStringLiteral("busybox:latest")))->layers;
        if (auto probed = embedded::probeRuntime(store->folder() + "/tmp"); probed)
            runtime = *probed;
        else
            missing = probed.error().text();
    }
};

} // namespace cooperage::test
