#include "core/credentials/keychainservice.h"

// macOS and Windows ask for a locked keychain's password by themselves, at the first use.
namespace cooperage::credentials {

QCoro::Task<KeychainState> keychainState()
{
    co_return KeychainState::Available;
}

engine::Task<> unlockKeychain(std::stop_token)
{
    co_return {};
}

} // namespace cooperage::credentials
