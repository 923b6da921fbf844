#include "core/credentials/keychainservice.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::credentials {

Error keychainError(KeychainState state)
{
    struct Texts
    {
        Q_DECLARE_TR_FUNCTIONS(Keychain)
    };
    if (state == KeychainState::Absent)
        return {
            ErrorKind::Unsupported,
            Texts::tr("This session has no keychain, so passwords cannot be kept"),
            {},
            Texts::tr("Install and start gnome-keyring, KWallet or KeePassXC's Secret Service, or use the "
                      "password for this run only.")};
    return {ErrorKind::Denied,
            Texts::tr("The keychain is locked"),
            {},
            Texts::tr("Unlock it, or use the password for this run only.")};
}

} // namespace cooperage::credentials
