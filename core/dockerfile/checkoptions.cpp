#include "core/dockerfile/checkoptions.h"

#include "core/dockerfile/goquote.h"

#include <optional>

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

static QStringList ruleNames(const QString &value)
{
    QStringList names;
    for (const QString &name : value.split(u','))
        names.append(name.trimmed());
    return names;
}

static std::optional<bool> goBool(const QString &value)
{
    if (QStringList{u"1"_s, u"t"_s, u"T"_s, u"TRUE"_s, u"true"_s, u"True"_s}.contains(value))
        return true;
    if (QStringList{u"0"_s, u"f"_s, u"F"_s, u"FALSE"_s, u"false"_s, u"False"_s}.contains(value))
        return false;
    return std::nullopt;
}

static std::unexpected<Error> invalid(const QString &option)
{
    return failure(ErrorKind::BadInput,
                   u"failed to parse check options: invalid check option "_s + goQuoted(option));
}

Result<CheckOptions> parseCheckOptions(const QString &text)
{
    CheckOptions options;
    if (text.trimmed().isEmpty())
        return options;
    for (const QString &part : text.trimmed().split(u';')) {
        const QString name = part.section(u'=', 0, 0).trimmed();
        const QString value = part.section(u'=', 1).trimmed();
        if (!part.contains(u'='))
            return invalid(part);
        if (name == u"skip") {
            options.skip = ruleNames(value);
        } else if (name == u"experimental") {
            options.experimental = ruleNames(value);
        } else if (name == u"error") {
            const std::optional<bool> error = goBool(value);
            if (!error)
                return invalid(part);
            options.error = *error;
        } else {
            return invalid(name);
        }
    }
    return options;
}

} // namespace cooperage::dockerfile
