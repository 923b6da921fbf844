#pragma once

#include "core/engine/engine.h"
#include "core/sessions/tagjournal.h"

namespace cooperage::sessions {

/// Which images a tag names: the user's own is found first.
struct TagHolders
{
    QString own{};         ///< Empty: none.
    QString publicImage{}; ///< Empty: none, or the engine does not tell them apart.
};

[[nodiscard]] engine::Task<TagHolders> tagHolders(engine::Engine *engine, QString tag,
                                                  std::stop_token stop = {});

/// The user's own image with exactly this tag; an empty uuid if there is none. A public image that the tag
/// would hide does not count where the engine tells them apart.
[[nodiscard]] engine::Task<QString> tagHolder(engine::Engine *engine, QString tag, std::stop_token stop = {});

/// Points a tag to `wanted.after`, or takes it away if that is empty, and writes it into the journal. An
/// empty `wanted.before` is found out. Yields what was done: `before` and `after` are the same where there
/// was nothing to do. `engine` and `store` must outlive the call.
[[nodiscard]] engine::Task<TagChange> changeTag(engine::Engine *engine, SessionStore *store, TagChange wanted,
                                                std::stop_token stop = {});

/// What takes a change back.
[[nodiscard]] TagChange reversed(const TagChange &change);

} // namespace cooperage::sessions
