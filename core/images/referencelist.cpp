#include "core/images/referencelist.h"

#include "core/images/reference.h"

#include <QMap>
#include <QRegularExpression>
#include <QSet>

using namespace Qt::StringLiterals;

namespace cooperage::images {

QStringList expandBraces(const QString &text)
{
    const qsizetype open = text.indexOf(u'{');
    const qsizetype close = text.indexOf(u'}', open + 1);
    if (open < 0 || close < 0 || (open > 0 && text[open - 1] == u'$'))
        return {text};
    QStringList result;
    for (const QString &part : text.sliced(open + 1, close - open - 1).split(u','))
        result.append(text.first(open) + part.trimmed() + text.sliced(close + 1));
    return result;
}

// Words between blanks and commas; commas within braces belong to them.
static QStringList wordsOf(const QString &line)
{
    QStringList words{QString()};
    int depth = 0;
    for (const QChar c : line) {
        depth += c == u'{' ? 1 : c == u'}' ? -1 : 0;
        if (depth <= 0 && (c.isSpace() || c == u',' || c == u';'))
            words.append(QString());
        else
            words.last().append(c);
    }
    words.removeAll(QString());
    return words;
}

static QString unquoted(QString word)
{
    const bool quoted =
        word.size() > 1 && (word.startsWith(u'"') || word.startsWith(u'\'')) && word.endsWith(word.front());
    return quoted ? word.sliced(1, word.size() - 2) : word;
}

namespace {

class Reader
{
public:
    QStringList words;

    void read(const QString &line)
    {
        static const QRegularExpression image(u"^\\s*-?\\s*image\\s*:\\s*(\\S+)"_s);
        static const QRegularExpression from(u"^\\s*FROM\\s+(?:--\\S+\\s+)*(\\S+)(?:\\s+AS\\s+(\\S+))?"_s,
                                             QRegularExpression::CaseInsensitiveOption);
        static const QRegularExpression pull(u"^\\s*(?:\\$\\s*)?(?:docker|podman|nerdctl|cooperage)\\s+"
                                             "(?:image\\s+)?(?:pull|run|import)\\s+(?:-\\S+\\s+)*(\\S+)"_s);
        if (const auto found = image.match(line); found.hasMatch()) {
            m_isDocument = true;
            words.append(unquoted(found.captured(1)));
        } else if (const auto base = from.match(line); base.hasMatch()) {
            m_isDocument = true;
            const QString name = base.captured(1);
            if (name != "scratch"_L1 && !m_stages.contains(name.toLower()))
                words.append(name);
            m_stages.insert(base.captured(2).toLower());
        } else if (const auto pulled = pull.match(line); pulled.hasMatch()) {
            words.append(pulled.captured(1));
        } else if (!m_isDocument && !line.trimmed().startsWith(u'#')) {
            words += wordsOf(line);
        }
    }
    /// Of a compose file or a Dockerfile only the lines that name images count.
    void expectDocument() { m_isDocument = true; }

private:
    bool m_isDocument = false;
    QSet<QString> m_stages;
};

} // namespace

static bool looksLikeDocument(const QString &text)
{
    static const QRegularExpression start(
        u"^(services|version|name)\\s*:|^\\s*(FROM|ARG)\\s|^\\s*image\\s*:"_s,
        QRegularExpression::MultilineOption);
    return text.contains(start);
}

QList<ListedReference> referencesIn(const QString &text)
{
    Reader reader;
    if (looksLikeDocument(text))
        reader.expectDocument();
    for (const QString &line : text.split(u'\n'))
        reader.read(line);
    QList<ListedReference> result;
    QSet<QString> seen;
    for (const QString &word : std::as_const(reader.words)) {
        for (const QString &reference : expandBraces(word)) {
            if (reference.isEmpty() || seen.contains(reference))
                continue;
            seen.insert(reference);
            ListedReference listed{.reference = reference};
            if (const auto parsed = Reference::parse(reference))
                listed.tag = derivedTag(reference);
            else
                listed.problem = parsed.error().text();
            result.append(listed);
        }
    }
    return result;
}

QStringList clashingTags(const QList<ListedReference> &references)
{
    QMap<QString, int> count;
    for (const ListedReference &listed : references) {
        if (!listed.tag.isEmpty())
            ++count[listed.tag];
    }
    QStringList clashing;
    for (const auto &[tag, times] : count.asKeyValueRange()) {
        if (times > 1)
            clashing.append(tag);
    }
    return clashing;
}

} // namespace cooperage::images
