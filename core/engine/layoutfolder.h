#pragma once

#include "core/base/error.h"
#include "core/engine/contree/bytequeue.h"

#include <QIODevice>
#include <QTemporaryDir>

#include <future>

namespace cooperage::engine {

/// Unpacks the tar of an OCI layout, written to it piece by piece, into a new folder. The folder appears
/// whole with commit(), or not at all.
class LayoutFolder : public QIODevice
{
public:
    explicit LayoutFolder(const QString &target);
    ~LayoutFolder() override;

    /// Refuses a target that has something in it, or whose parent cannot be written.
    [[nodiscard]] Result<> begin();
    /// After the last byte.
    [[nodiscard]] Result<> commit();

    [[nodiscard]] bool isSequential() const override { return true; }

protected:
    qint64 readData(char *data, qint64 size) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    QString m_target;
    QTemporaryDir m_folder; ///< Beside the target.
    contree::ByteQueue m_queue;
    std::future<Result<>> m_unpacked{};
};

} // namespace cooperage::engine
