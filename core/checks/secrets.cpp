#include "core/checks/linechecks.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QSet>

using namespace Qt::StringLiterals;

// Secrets in ARG and ENV. No message ever holds a value.
namespace cooperage::checks {

static bool namesSecret(const QString &name)
{
    static const QSet<QString> secret{u"apikey"_s, u"auth"_s,     u"credential"_s, u"credentials"_s,
                                      u"key"_s,    u"password"_s, u"pword"_s,      u"passwd"_s,
                                      u"secret"_s, u"token"_s};
    static const QSet<QString> harmless{u"public"_s, u"file"_s, u"version"_s};
    bool found = false;
    for (const QString &part : name.toLower().split(u'_')) {
        if (harmless.contains(part))
            return false;
        found = found || secret.contains(part);
    }
    return found;
}

/// Tokens of well-known services, private keys, and passwords in addresses. Every repetition is bounded, so
/// that a value of any length takes linear time.
static bool looksSecret(const QString &value)
{
    static const QRegularExpression pattern(
        u"\\b(AKIA|ASIA)[0-9A-Z]{16}\\b"
        u"|\\bgh[pousr]_[0-9A-Za-z]{36}|\\bgithub_pat_[0-9A-Za-z_]{22}"
        u"|\\bglpat-[0-9A-Za-z_-]{20}"
        u"|\\bxox[abprs]-[0-9A-Za-z-]{10}"
        u"|\\bsk_live_[0-9A-Za-z]{16}"
        u"|\\bAIza[0-9A-Za-z_-]{35}"
        u"|\\beyJ[0-9A-Za-z_-]{10,500}\\.eyJ"
        u"|-----BEGIN [A-Z ]{0,20}PRIVATE KEY"
        u"|\\b[a-z][a-z0-9+.-]{0,20}://[^/\\s:@$]{1,100}:[^/\\s:@$]{1,200}@"_s);
    // All of them are longer than that; most values are not.
    return value.size() > 8 && pattern.match(value).hasMatch();
}

static void checkPair(const QString &keyword, const QString &name, const SourceRange &nameRange,
                      const QString &value, const SourceRange &valueRange, QList<Diagnostic> &diagnostics)
{
    if (namesSecret(name))
        addFinding(diagnostics, u"SecretsUsedInArgOrEnv"_s, nameRange,
                   u"Do not use ARG or ENV instructions for sensitive data (%1 \"%2\")"_s.arg(keyword, name));
    else if (looksSecret(value))
        addFinding(diagnostics, u"SecretValue"_s, valueRange,
                   QCoreApplication::translate("Checks", "The value of %1 looks like a secret; everyone who "
                                                         "has the image can read it. Use RUN "
                                                         "--mount=type=secret")
                       .arg(name));
}

void checkSecrets(const Instruction &instruction, QList<Diagnostic> &diagnostics)
{
    for (const dockerfile::KeyValue &pair : instruction.pairs)
        checkPair(u"ENV"_s, pair.key.text, pair.key.range, pair.value.text, pair.value.range, diagnostics);
    for (const dockerfile::Word &word : instruction.words) {
        const qsizetype equals = word.text.indexOf(u'=');
        const QString name = equals < 0 ? word.text : word.text.first(equals);
        const qsizetype end = equals < 0 ? word.range.end : word.range.begin + equals;
        const SourceRange nameRange{word.range.begin, std::min(end, word.range.end), word.range.firstLine,
                                    word.range.lastLine};
        checkPair(u"ARG"_s, name, nameRange, equals < 0 ? QString() : word.text.sliced(equals + 1),
                  word.range, diagnostics);
    }
}

} // namespace cooperage::checks
