#include "core/images/reference.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace cooperage::images {

using namespace Qt::StringLiterals;

static QString withoutScheme(QString text)
{
    for (bool again = true; again;) {
        again = false;
        for (const QLatin1StringView scheme : {"docker://"_L1, "oci://"_L1}) {
            if (text.startsWith(scheme)) {
                text.remove(0, scheme.size());
                again = true;
            }
        }
    }
    return text;
}

static bool matches(const QString &text, const QString &expression)
{
    return QRegularExpression(QRegularExpression::anchoredPattern(expression)).match(text).hasMatch();
}

static bool hasUpperCase(QStringView text)
{
    return std::ranges::any_of(text, [](QChar c) { return c.isUpper(); });
}

static std::unexpected<Error> refused(const QString &text, const QString &what, const QString &next = {})
{
    return failure(ErrorKind::BadInput, what, text, next);
}

static bool isHost(const QString &segment)
{
    return segment.contains(u'.') || segment.contains(u':') || segment == u"localhost" ||
           hasUpperCase(segment);
}

// Name or IPv6 address in brackets, then perhaps a port.
static bool isValidHost(const QString &host)
{
    static const QRegularExpression grammar(QRegularExpression::anchoredPattern(
        u"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*"
        "|\\[[a-fA-F0-9:]+\\])(?::([0-9]{1,5}))?"_s));
    const QRegularExpressionMatch match = grammar.match(host);
    return match.hasMatch() && match.captured(1).toInt() <= 65535;
}

static Result<> checkRepository(const QString &text, const Reference &reference)
{
    const QString &repository = reference.repository;
    if (hasUpperCase(repository))
        return refused(
            text,
            QCoreApplication::translate("Reference", "The repository name \"%1\" has upper-case letters")
                .arg(repository),
            QCoreApplication::translate("Reference", "Write it in lower case: \"%1\".")
                .arg(repository.toLower()));
    if (!matches(repository,
                 u"[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*"_s))
        return refused(
            text, QCoreApplication::translate("Reference", "\"%1\" is not a repository name").arg(repository),
            QCoreApplication::translate("Reference", "Names consist of a-z, 0-9 and single . _ - between "
                                                     "them, in parts separated by /."));
    if (reference.host.size() + 1 + repository.size() > 255)
        return refused(text,
                       QCoreApplication::translate("Reference", "The name is longer than 255 characters"));
    return {};
}

static Result<> checkAll(const QString &text, const Reference &reference, bool tagGiven)
{
    if (!isValidHost(reference.host))
        return refused(
            text,
            QCoreApplication::translate("Reference", "\"%1\" is not a registry host").arg(reference.host),
            QCoreApplication::translate("Reference", "Write a host name or address, with a port if need be: "
                                                     "\"registry.example.com:5000/name\"."));
    if (const Result<> repository = checkRepository(text, reference); !repository)
        return repository;
    if (tagGiven && !matches(reference.tag, u"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"_s))
        return refused(
            text, QCoreApplication::translate("Reference", "\"%1\" is not a tag").arg(reference.tag),
            QCoreApplication::translate("Reference", "Tags are up to 128 letters, digits and . _ -, not "
                                                     "beginning with . or -."));
    return {};
}

Result<Reference> Reference::parse(const QString &given)
{
    QString rest = withoutScheme(given.trimmed());
    if (rest.isEmpty())
        return refused(given, QCoreApplication::translate("Reference", "An image name is missing"));
    if (rest.contains("://"_L1))
        return refused(given, QCoreApplication::translate(
                                  "Reference", "Only docker:// and oci:// can stand before an image"));
    if (matches(rest, u"[a-f0-9]{64}"_s))
        return refused(
            given, QCoreApplication::translate("Reference", "This is an image id, not a name"),
            QCoreApplication::translate("Reference", "For a digest write \"name@sha256:%1\".").arg(rest));

    Reference result;
    if (const qsizetype at = rest.indexOf(u'@'); at >= 0) {
        result.digest = rest.mid(at + 1);
        rest.truncate(at);
        // Shown without what stands before it: that may be a password.
        if (rest.contains(u':') && result.digest.contains(u'/'))
            return refused(
                result.digest,
                QCoreApplication::translate("Reference",
                                            "A user name and password cannot stand in an image name"),
                QCoreApplication::translate("Reference", "Give them with --username and --password-stdin."));
        if (!matches(result.digest, u"sha256:[a-f0-9]{64}"_s))
            return refused(
                given, QCoreApplication::translate("Reference", "\"%1\" is not a digest").arg(result.digest),
                QCoreApplication::translate("Reference",
                                            "A digest is sha256: and 64 lower-case hex digits."));
    }
    const qsizetype slash = rest.indexOf(u'/');
    result.host = u"docker.io"_s;
    if (slash >= 0 && isHost(rest.first(slash))) {
        result.host = rest.first(slash);
        rest.remove(0, slash + 1);
    }
    if (result.host == u"index.docker.io")
        result.host = u"docker.io"_s;
    const qsizetype colon = rest.lastIndexOf(u':');
    const bool tagGiven = colon > rest.lastIndexOf(u'/');
    if (tagGiven)
        result.tag = rest.mid(colon + 1);
    else if (result.digest.isEmpty())
        result.tag = u"latest"_s;
    result.repository = tagGiven ? rest.first(colon) : rest;
    if (result.host == u"docker.io" && !result.repository.contains(u'/'))
        result.repository.prepend("library/"_L1);
    return checkAll(given, result, tagGiven).transform([&] { return result; });
}

QString Reference::toString() const
{
    QString text = host + u'/' + repository;
    if (!tag.isEmpty())
        text += u':' + tag;
    if (!digest.isEmpty())
        text += u'@' + digest;
    return text;
}

QString Reference::apiHost() const
{
    return host == u"docker.io" ? u"registry-1.docker.io"_s : host;
}

bool Reference::isLoopback() const
{
    static const QRegularExpression loopback(
        QRegularExpression::anchoredPattern(
            u"(?:localhost|127(?:\\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}|\\[(?:::1|(?:0+:){7}0*1)\\])(?::[0-9]+)?"_s),
        QRegularExpression::CaseInsensitiveOption);
    return loopback.match(host).hasMatch();
}

} // namespace cooperage::images
