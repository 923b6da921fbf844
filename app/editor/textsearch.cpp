#include "app/editor/textsearch.h"

#include <QCoreApplication>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("TextSearch", text);
}

QRegularExpression expressionFor(const SearchQuery &query)
{
    QString pattern = query.regularExpression ? query.text : QRegularExpression::escape(query.text);
    if (query.wholeWords)
        pattern = u"(?<!\\w)(?:%1)(?!\\w)"_s.arg(pattern);
    QRegularExpression::PatternOptions options =
        QRegularExpression::MultilineOption | QRegularExpression::UseUnicodePropertiesOption;
    if (!query.matchCase)
        options |= QRegularExpression::CaseInsensitiveOption;
    return QRegularExpression(pattern, options);
}

QString expanded(const QString &replacement, const QRegularExpressionMatch &match)
{
    QString result;
    for (qsizetype i = 0; i < replacement.size(); ++i) {
        if (replacement[i] != u'\\' || i + 1 == replacement.size()) {
            result += replacement[i];
            continue;
        }
        const QChar next = replacement[++i];
        if (next >= u'0' && next <= u'9')
            result += match.captured(next.digitValue());
        else if (next == u'n')
            result += u'\n';
        else if (next == u't')
            result += u'\t';
        else
            result += next;
    }
    return result;
}

} // namespace

Result<QList<SearchMatch>> findAll(const QString &text, const SearchQuery &query, const QString &replacement,
                                   qsizetype limit)
{
    QList<SearchMatch> found;
    if (query.text.isEmpty())
        return found;
    const QRegularExpression expression = expressionFor(query);
    if (!expression.isValid())
        return failure(ErrorKind::BadInput, tr("This is no regular expression: %1 (at character %2)")
                                                .arg(expression.errorString())
                                                .arg(expression.patternErrorOffset() + 1));
    qsizetype end = 0;
    for (auto matches = expression.globalMatch(text); matches.hasNext() && found.size() < limit;) {
        const QRegularExpressionMatch match = matches.next();
        end = match.capturedEnd();
        if (match.capturedLength() > 0)
            found.append({match.capturedStart(), match.capturedLength(),
                          query.regularExpression ? expanded(replacement, match) : replacement});
    }
    // The iterator ends as well where the library gave up.
    if (query.regularExpression && found.size() < limit && !expression.match(text, end).isValid())
        return failure(ErrorKind::BadInput, tr("This regular expression takes too long here"), {},
                       tr("Make it simpler, such as by fewer nested repetitions."));
    return found;
}

} // namespace cooperage::gui
