#include "core/credentials/credentialfile.h"

#include "core/credentials/registryname.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace cooperage::credentials {

namespace {

struct FileText
{
    Q_DECLARE_TR_FUNCTIONS(CredentialFile)
};

std::unexpected<Error> broken(const QString &what, const QString &where)
{
    return failure(ErrorKind::BadInput, what, where,
                   FileText::tr("Correct the file, or sign in again with docker login; until then its "
                                "credentials are not used."));
}

/// The entry of a registry: `auth` (base64 of "user:password"), or the two apart, or an identity token.
Result<std::optional<engine::Credentials>> accountOf(const QJsonObject &entry)
{
    const auto identity = entry["identitytoken"_L1].toString();
    if (!identity.isEmpty())
        return engine::Credentials{u"<token>"_s, identity};
    engine::Credentials account{entry["username"_L1].toString(), entry["password"_L1].toString()};
    if (const QString auth = entry["auth"_L1].toString(); !auth.isEmpty()) {
        const auto decoded =
            QByteArray::fromBase64Encoding(auth.toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
        const QByteArray pair = *decoded;
        const qsizetype colon = pair.indexOf(':');
        if (!decoded || colon < 0)
            return failure(ErrorKind::BadInput,
                           FileText::tr("\"auth\" is not the base64 form of user:password"));
        QByteArray password = pair.sliced(colon + 1);
        while (password.endsWith('\0'))
            password.chop(1);
        account = {QString::fromUtf8(pair.first(colon)), QString::fromUtf8(password)};
    }
    if (account.username.isEmpty())
        return std::nullopt; // Docker leaves an empty entry where a helper keeps the account.
    return account;
}

template <typename Value>
const Value *bestFit(const QMap<QString, Value> &map, const images::Reference &reference)
{
    const Value *best = nullptr;
    qsizetype length = 0;
    for (auto entry = map.begin(); entry != map.end(); ++entry) {
        if (const qsizetype found = fit(entry.key(), reference); found > length) {
            length = found;
            best = &*entry;
        }
    }
    return best;
}

} // namespace

Result<CredentialFile> CredentialFile::parse(const QByteArray &text, const QString &name)
{
    CredentialFile file{.name = name};
    if (text.trimmed().isEmpty())
        return file;
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (!document.isObject()) {
        const auto line = text.first(std::clamp<qsizetype>(error.offset, 0, text.size())).count('\n') + 1;
        return broken(FileText::tr("The file with registry credentials is not valid JSON"),
                      u"%1:%2"_s.arg(name).arg(line));
    }
    const QJsonObject object = document.object();
    file.store = object["credsStore"_L1].toString();
    const QJsonObject helpers = object["credHelpers"_L1].toObject();
    for (auto entry = helpers.begin(); entry != helpers.end(); ++entry)
        file.helpers[normalisedKey(entry.key())] = entry->toString();
    const QJsonObject auths = object["auths"_L1].toObject();
    for (auto entry = auths.begin(); entry != auths.end(); ++entry) {
        const auto account = accountOf(entry->toObject());
        if (!account)
            return broken(FileText::tr("The entry of %1: %2").arg(entry.key(), account.error().what), name);
        if (*account)
            file.accounts[normalisedKey(entry.key())] = **account;
    }
    return file;
}

QString CredentialFile::helperFor(const images::Reference &reference) const
{
    const QString *helper = bestFit(helpers, reference);
    return helper ? *helper : store;
}

std::optional<engine::Credentials> CredentialFile::accountFor(const images::Reference &reference) const
{
    const engine::Credentials *account = bestFit(accounts, reference);
    if (!account)
        return std::nullopt;
    engine::Credentials found = *account;
    found.source = name;
    return found;
}

} // namespace cooperage::credentials
