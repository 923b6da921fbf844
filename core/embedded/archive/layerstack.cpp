#include "core/embedded/archive/layerstack.h"

#include "core/embedded/archive/imagedocuments.h"

#include <QCoreApplication>

namespace cooperage::embedded {

namespace {

struct StackText
{
    Q_DECLARE_TR_FUNCTIONS(LayerStack)
};

std::unexpected<Error> damaged(const QString &what, const QString &where)
{
    return failure(
        ErrorKind::BadInput, what, where,
        StackText::tr("Fetch or save the image again; if that does not help, it is damaged at its source."));
}

} // namespace

LayerStack::LayerStack(Store &store, const QList<QByteArray> &diffIds) : m_store(store)
{
    QByteArray chainId;
    for (const QByteArray &diffId : diffIds) {
        chainId = chainId.isEmpty() ? diffId : digestOf(chainId + ' ' + diffId);
        m_slots.push_back({diffId, chainId});
        findPresent(m_slots.back());
    }
}

void LayerStack::findPresent(Slot &slot) const
{
    slot.present = m_store.layerByChain(slot.chainId);
}

std::string LayerStack::pathOf(const Slot &slot) const
{
    return slot.present ? m_store.layerPath(*slot.present) : slot.draft->upper();
}

Result<> LayerStack::add(size_t index, ByteStream &source, const LayerBlob &blob)
{
    Slot &slot = m_slots[index];
    auto draft = m_store.beginLayer();
    if (!draft)
        return std::unexpected(draft.error());
    auto unpacker = LayerUnpacker::open(draft->upper());
    if (!unpacker)
        return std::unexpected(unpacker.error());
    slot.draft = std::move(*draft);
    slot.unpacker = std::move(*unpacker);
    const auto digests = slot.unpacker->unpack(source, blob.name);
    if (!digests)
        return std::unexpected(digests.error());
    if (!blob.digest.isEmpty() && blob.digest != "sha256:" + digests->blob)
        return damaged(StackText::tr("A layer's bytes are not those that %1 names")
                           .arg(QString::fromLatin1(blob.digest)),
                       blob.name);
    if (blob.size >= 0 && blob.size != digests->blobSize)
        return damaged(
            StackText::tr("A layer has %1 bytes instead of %2").arg(digests->blobSize).arg(blob.size),
            blob.name);
    const QByteArray diffId = "sha256:" + digests->content;
    if (slot.diffId.isEmpty()) {
        slot.diffId = slot.chainId = diffId;
        findPresent(slot);
    } else if (slot.diffId != diffId) {
        return damaged(StackText::tr("A layer's content is not what the image's configuration says (%1)")
                           .arg(QString::fromLatin1(slot.diffId)),
                       blob.name);
    }
    return {};
}

Result<> LayerStack::seal()
{
    std::vector<std::string> lowers;
    for (Slot &slot : m_slots) {
        if (!slot.present) {
            if (!slot.unpacker)
                return failure(ErrorKind::Failed, StackText::tr("A layer is missing"),
                               QString::fromLatin1(slot.diffId));
            if (auto sealed = slot.unpacker->seal(LowerLayers(lowers)); !sealed)
                return sealed;
            m_notes += slot.unpacker->notes();
        }
        lowers.insert(lowers.begin(), pathOf(slot));
    }
    m_notes.removeDuplicates();
    return {};
}

Result<std::vector<LayerId>> LayerStack::commit()
{
    if (auto sealed = seal(); !sealed)
        return std::unexpected(sealed.error());
    std::vector<LayerId> ids;
    for (Slot &slot : m_slots) {
        if (!slot.present) {
            slot.unpacker.reset();
            auto id = m_store.commitLayer(std::move(*slot.draft), {slot.diffId, slot.chainId});
            slot.draft.reset();
            if (!id)
                return std::unexpected(id.error());
            slot.present = *id;
        }
        ids.push_back(*slot.present);
    }
    return ids;
}

} // namespace cooperage::embedded
