#include "core/dockerfile/csvfields.h"

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

static std::unexpected<QString> errorAt(const QString &text, qsizetype at, const QString &what)
{
    // Go counts bytes, from 1.
    return std::unexpected(
        u"parse error on line 1, column %1: %2"_s.arg(text.first(at).toUtf8().size() + 1).arg(what));
}

// A field in quotes, from behind the first one; `at` ends behind the last one.
static std::expected<QString, QString> quotedField(const QString &text, qsizetype &at)
{
    static const QString badQuote = u"extraneous or missing \" in quoted-field"_s;
    QString field;
    for (; at < text.size(); ++at) {
        if (text[at] != u'"') {
            field += text[at];
            continue;
        }
        ++at;
        if (at == text.size() || text[at] == u',')
            return field;
        if (text[at] != u'"')
            return errorAt(text, at - 1, badQuote);
        field += u'"';
    }
    return errorAt(text, at, badQuote);
}

std::expected<QStringList, QString> csvFields(const QString &text)
{
    if (text.isEmpty())
        return std::unexpected(u"EOF"_s);
    QStringList fields;
    qsizetype at = 0;
    while (at <= text.size()) {
        if (at < text.size() && text[at] == u'"') {
            const auto field = quotedField(text, ++at);
            if (!field)
                return std::unexpected(field.error());
            fields << *field;
        } else {
            const qsizetype comma = text.indexOf(u',', at);
            const qsizetype end = comma < 0 ? text.size() : comma;
            const qsizetype quote = text.indexOf(u'"', at);
            if (quote >= 0 && quote < end)
                return errorAt(text, quote, u"bare \" in non-quoted field"_s);
            fields << text.sliced(at, end - at);
            at = end;
        }
        ++at; // The comma, or the end.
    }
    return fields;
}

} // namespace cooperage::dockerfile
