#pragma once

#include "core/embedded/archive/layerunpacker.h"
#include "core/embedded/store/store.h"

namespace cooperage::embedded {

/// What is known of a layer's bytes before they are read.
struct LayerBlob
{
    QString name;        ///< What errors call it.
    QByteArray digest{}; ///< "sha256:..." of the bytes as stored; empty if unknown.
    qint64 size = -1;    ///< Their number; -1 if unknown.
};

/// The layers of one image on their way into the store. Until commit() all of them are drafts, which vanish
/// with this.
class LayerStack
{
public:
    /// diffIDs, bottom to top. A single empty one stands for a tar of which nothing is known.
    LayerStack(Store &store, const QList<QByteArray> &diffIds);

    [[nodiscard]] size_t size() const { return m_slots.size(); }
    /// Whether the store has this layer, unpacked above the same layers.
    [[nodiscard]] bool isPresent(size_t index) const { return m_slots[index].present.has_value(); }
    /// Unpacks and verifies a layer. Different layers may be added by different threads at once.
    [[nodiscard]] Result<> add(size_t index, ByteStream &source, const LayerBlob &blob);
    /// Finishes the layers in order, then commits them; bottom to top.
    [[nodiscard]] Result<std::vector<LayerId>> commit();
    /// What could not be taken over as it was, in words.
    [[nodiscard]] const QStringList &notes() const { return m_notes; }

private:
    struct Slot
    {
        QByteArray diffId;
        QByteArray chainId;
        std::optional<LayerId> present{};
        std::optional<LayerDraft> draft{};
        std::optional<LayerUnpacker> unpacker{};
    };

    void findPresent(Slot &slot) const;
    [[nodiscard]] std::string pathOf(const Slot &slot) const;
    [[nodiscard]] Result<> seal();

    Store &m_store;
    std::vector<Slot> m_slots;
    QStringList m_notes;
};

} // namespace cooperage::embedded
