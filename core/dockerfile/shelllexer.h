#pragma once

#include "core/dockerfile/expansion.h"

#include <QList>
#include <QStringView>

#include <expected>

namespace cooperage::dockerfile {

/// What the lexer treats in which way; the default is that of variable expansion.
struct LexerRules
{
    QChar escape = u'\\';
    bool quotes = true;      ///< false: quote characters are ordinary.
    bool rawQuotes = false;  ///< Quotes group, and stay.
    bool rawEscapes = false; ///< Escapes work, and stay.
    bool keepUnset = false;  ///< Unset variables stay as written.
    bool heredocs = false;   ///< White space after `<<` belongs to the word.
};

/// A word and the characters of the source that it came from.
struct LexedWord
{
    QString text{};
    qsizetype begin = 0;
    qsizetype end = 0;
};

/// Gathers characters into words, split at white space that is not protected.
class WordCollector
{
public:
    /// Characters of the source, which begin there.
    void addPlain(QStringView text, qsizetype begin);
    /// What stands for [begin, end) of the source.
    void addValue(QStringView text, qsizetype begin, qsizetype end);
    /// The same, not to be split.
    void addProtected(QStringView text, qsizetype begin, qsizetype end);
    [[nodiscard]] QList<LexedWord> take();

private:
    void add(QChar c, qsizetype begin, qsizetype end);
    void endWord();
    QList<LexedWord> m_words;
    LexedWord m_word;
};

/// The shell-like lexer of Dockerfile words (spec 2.2, 2.3). One run per object.
class ShellLexer
{
public:
    ShellLexer(QStringView text, const VariableLookup &lookup, const LexerRules &rules);

    /// The whole text as one word; an error is the bare message.
    [[nodiscard]] std::expected<QString, QString> run();
    /// After a successful run: the same in words.
    [[nodiscard]] QList<LexedWord> takeWords() { return m_words.take(); }
    [[nodiscard]] const QSet<QString> &matched() const { return m_matched; }
    [[nodiscard]] const QSet<QString> &unmatched() const { return m_unmatched; }

private:
    using Lexed = std::expected<QString, QString>;

    [[nodiscard]] bool atEnd() const { return m_at == m_text.size(); }
    [[nodiscard]] bool isNext(QChar c) const { return !atEnd() && m_text[m_at] == c; }
    [[nodiscard]] bool isSpecial(QChar c) const;
    /// Up to `stop`, which is consumed, or to the end of the text.
    Lexed readUntil(std::optional<QChar> stop, bool rawEscapes, WordCollector *words = nullptr);
    Lexed readPieces(std::optional<QChar> stop, WordCollector *words);
    Lexed readSpecial();
    QString readEscape();
    QString readHeredocSign();
    Lexed readSingleQuoted();
    Lexed readDoubleQuoted();
    Lexed readDollar();
    Lexed readSubstitution();
    Lexed readModified(const QString &name, const QString &modifier);
    Lexed readReplacement(const QString &name);
    QString readName();
    QString readCharacter();
    [[nodiscard]] char32_t peekCharacter() const;
    std::optional<QString> lookUp(const QString &name);
    /// Where a part of a substitution failed: at the end of the text its closing character is what is
    /// missing.
    [[nodiscard]] Lexed unfinished(const Lexed &part, const QString &message) const;

    QStringView m_text;
    const VariableLookup &m_lookup;
    LexerRules m_rules;
    qsizetype m_at = 0;
    int m_depth = 0;
    WordCollector m_words;
    QSet<QString> m_matched;
    QSet<QString> m_unmatched;
};

} // namespace cooperage::dockerfile
