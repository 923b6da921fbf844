#include "core/checks/shellscript.h"

#include <QSet>

#include <algorithm>

namespace cooperage::checks {

using namespace Qt::StringLiterals;

namespace {

/// Substitutions in substitutions beyond this are read as plain text: they must not exhaust the stack.
constexpr int maximalNesting = 50;

class Reader
{
public:
    explicit Reader(QStringView text) : m_text(text) {}

    ShellScript read()
    {
        while (!atEnd()) {
            readCommands(QChar());
            if (!atEnd())
                ++m_at; // A closing bracket that nothing opened.
        }
        return m_script;
    }

private:
    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    [[nodiscard]] QChar next(qsizetype ahead = 0) const
    {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : QChar();
    }

    void readCommands(QChar stop);
    void readSeparator();
    bool readWord(ShellWord &word, QChar stop);
    void readDoubleQuoted(ShellWord &word);
    void readDollar(ShellWord &word);
    void readNested(QChar stop);
    void skipRedirection();
    void addWord(ShellWord word);
    void endCommand();

    QStringView m_text;
    qsizetype m_at = 0;
    int m_depth = 0;
    ShellCommand m_command;
    ShellScript m_script;
};

bool endsWord(QChar c)
{
    return c.isSpace() || QStringView(u";&|<>()").contains(c);
}

bool isAssignment(const QString &text)
{
    const qsizetype equals = text.indexOf(u'=');
    return equals > 0 &&
           std::ranges::all_of(text.first(equals), [](QChar c) { return c.isLetterOrNumber() || c == u'_'; });
}

/// Words that stand before a command without being part of it.
bool leadsCommand(const QString &text)
{
    static const QSet<QString> words{u"if"_s,   u"then"_s, u"else"_s, u"elif"_s,    u"fi"_s,    u"do"_s,
                                     u"done"_s, u"{"_s,    u"}"_s,    u"!"_s,       u"while"_s, u"until"_s,
                                     u"time"_s, u"exec"_s, u"sudo"_s, u"command"_s, u"env"_s};
    return words.contains(text);
}

} // namespace

void Reader::endCommand()
{
    if (!m_command.words.isEmpty() || !m_command.assignments.isEmpty())
        m_script.commands.append(std::exchange(m_command, {}));
}

void Reader::addWord(ShellWord word)
{
    if (m_command.words.isEmpty() && isAssignment(word.text))
        m_command.assignments.append(std::move(word));
    else if (!m_command.words.isEmpty() || !leadsCommand(word.text))
        m_command.words.append(std::move(word));
}

void Reader::readSeparator()
{
    const bool pipe = next() == u'|' && next(1) != u'|';
    if (pipe && !m_script.firstPipe)
        m_script.firstPipe = m_at;
    ++m_at;
    endCommand();
}

/// Commands up to `stop`, which is not consumed, or to the end.
void Reader::readCommands(QChar stop)
{
    while (!atEnd() && next() != stop) {
        const QChar c = next();
        if (c == u'#') {
            while (!atEnd() && next() != u'\n')
                ++m_at;
        } else if (c == u'&' && next(1) == u'>') {
            ++m_at;
        } else if (c == u'<' || c == u'>') {
            skipRedirection();
        } else if (c == u'|' && next(1) == u'|') {
            m_at += 2;
            endCommand();
        } else if (c == u'\n' || QStringView(u";&|()").contains(c)) {
            if (c == u')' && m_depth > 0 && stop == u')')
                break;
            readSeparator();
        } else if (c.isSpace()) {
            ++m_at;
        } else {
            ShellWord word;
            const bool isDescriptor = !readWord(word, stop);
            if (!isDescriptor)
                addWord(std::move(word));
        }
    }
    endCommand();
}

void Reader::skipRedirection()
{
    while (next() == u'<' || next() == u'>' || next() == u'&' || next() == u'|' || next() == u'-')
        ++m_at;
    while (next() == u' ' || next() == u'\t')
        ++m_at;
    ShellWord target;
    (void)readWord(target, QChar());
}

/// False for a number that belongs to a redirection.
bool Reader::readWord(ShellWord &word, QChar stop)
{
    word.begin = m_at;
    bool plain = true;
    while (!atEnd() && !endsWord(next()) && (stop.isNull() || next() != stop)) {
        const QChar c = next();
        plain = plain && c.isDigit();
        if (c == u'\\') {
            ++m_at;
            if (!atEnd() && next() != u'\n')
                word.text += next();
            ++m_at;
        } else if (c == u'\'') {
            const qsizetype end = m_text.indexOf(u'\'', m_at + 1);
            const qsizetype last = end < 0 ? m_text.size() : end;
            word.text += m_text.sliced(m_at + 1, last - m_at - 1);
            m_at = last + 1;
        } else if (c == u'"') {
            readDoubleQuoted(word);
        } else if (c == u'$' || c == u'`') {
            readDollar(word);
        } else {
            word.text += c;
            ++m_at;
        }
    }
    m_at = std::min(m_at, m_text.size());
    word.end = m_at;
    return !(plain && word.end > word.begin && (next() == u'<' || next() == u'>'));
}

void Reader::readDoubleQuoted(ShellWord &word)
{
    for (++m_at; !atEnd() && next() != u'"';) {
        if (next() == u'\\') {
            ++m_at;
            if (!atEnd())
                word.text += next();
            ++m_at;
        } else if (next() == u'$' || next() == u'`') {
            readDollar(word);
        } else {
            word.text += next();
            ++m_at;
        }
    }
    ++m_at;
}

void Reader::readDollar(ShellWord &word)
{
    const qsizetype begin = m_at;
    if (next() == u'`' || next(1) == u'(') {
        const QChar stop = next() == u'`' ? u'`' : u')';
        m_at += stop == u')' ? 2 : 1;
        readNested(stop);
    } else if (next(1) == u'{') {
        const qsizetype end = m_text.indexOf(u'}', m_at);
        m_at = end < 0 ? m_text.size() : end + 1;
    } else {
        ++m_at;
    }
    m_at = std::min(m_at, m_text.size());
    word.text += m_text.sliced(begin, m_at - begin);
}

void Reader::readNested(QChar stop)
{
    if (m_depth >= maximalNesting) {
        const qsizetype end = m_text.indexOf(stop, m_at);
        m_at = end < 0 ? m_text.size() : end + 1;
        return;
    }
    ++m_depth;
    ShellCommand outer = std::exchange(m_command, {});
    readCommands(stop);
    ++m_at;
    m_command = std::move(outer);
    --m_depth;
}

const ShellWord *ShellCommand::argument(QStringView text) const
{
    for (qsizetype i = 1; i < words.size(); ++i) {
        if (words[i].text == text)
            return &words[i];
    }
    return nullptr;
}

ShellScript ShellScript::read(QStringView text)
{
    return Reader(text).read();
}

} // namespace cooperage::checks
