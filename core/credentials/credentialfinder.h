#pragma once

#include "core/credentials/secretstore.h"

#include <optional>

namespace cooperage::credentials {

/// Looks for what a registry asks for, in this order: what was given for this run, the keychain, and where
/// Docker and Podman keep theirs. `source` of what is found says where it was, in words.
class CredentialFinder
{
public:
    enum class Places {
        All,
        Ours, ///< Not Docker's and Podman's: for engines elsewhere, to which nothing goes that was not given
              ///< to this program.
    };

    /// The store must outlive the finder, its copies and their calls.
    explicit CredentialFinder(SecretStore *store, Places places = Places::All)
        : m_store(store), m_places(places)
    {
    }

    /// The credentials for an image reference's registry; none: try without. With several accounts at one
    /// registry, the one used last. Fails where an account is known and its password cannot be read: the
    /// keychain is locked, for example.
    [[nodiscard]] engine::Task<std::optional<engine::Credentials>>
    operator()(QString reference, std::stop_token stop = {}) const;

private:
    SecretStore *m_store;
    Places m_places;
};

} // namespace cooperage::credentials
