#include "app/editor/highlighting.h"

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/State>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;

namespace {

/// Says for each character of a text what it is to the definition.
class Attributes : public KSyntaxHighlighting::AbstractHighlighter
{
public:
    explicit Attributes(const QString &text)
    {
        setDefinition(gui::dockerfileSyntax());
        KSyntaxHighlighting::State state;
        for (const QString &line : text.split(u'\n')) {
            m_line = {line, QStringList(line.size(), u"Text"_s)};
            state = highlightLine(line, state);
            m_lines << m_line;
        }
    }
    /// Of the `count`th occurrence of `word` (from 1), all of which must be the same.
    [[nodiscard]] QString of(const QString &word, int count = 1) const
    {
        for (const Line &line : m_lines) {
            for (qsizetype at = line.text.indexOf(word); at >= 0; at = line.text.indexOf(word, at + 1)) {
                if (--count > 0)
                    continue;
                QStringList names = line.names.sliced(at, word.size());
                names.removeDuplicates();
                return names.join(u'|');
            }
        }
        return u"(not in the text)"_s;
    }

protected:
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format) override
    {
        for (int i = offset; i < offset + length; ++i)
            m_line.names[i] = format.name();
    }

private:
    struct Line
    {
        QString text;
        QStringList names;
    };
    Line m_line;
    QList<Line> m_lines;
};

} // namespace

/// What the colours of a Dockerfile stand for.
class DockerfileSyntaxTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theDefinitionIsOurOwn();
    void wordsAreWhatTheBuilderTakesThemFor_data();
    void wordsAreWhatTheBuilderTakesThemFor();
};

void DockerfileSyntaxTest::theDefinitionIsOurOwn()
{
    const auto definition = gui::dockerfileSyntax();
    QVERIFY(definition.isValid());
    QCOMPARE(definition.version(), 100);
    for (const QString &name :
         {u"Dockerfile"_s, u"Dockerfile.dev"_s, u"api.dockerfile"_s, u"Containerfile"_s})
        QCOMPARE(gui::syntaxFor(name).name(), u"Dockerfile"_s);
    QCOMPARE(gui::syntaxFor(u"main.py"_s).name(), u"Python"_s);
}

void DockerfileSyntaxTest::wordsAreWhatTheBuilderTakesThemFor_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("word");
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QString &text, const QString &word, const QString &expected,
                        int count = 1) { QTest::newRow(name) << text << word << count << expected; };
    row("keyword", u"FROM a"_s, u"FROM"_s, u"Keyword"_s);
    row("keyword in lower case", u"from a"_s, u"from"_s, u"Keyword"_s);
    row("indented keyword", u"  Copy a b"_s, u"Copy"_s, u"Keyword"_s);
    row("unknown keyword", u"FORM a"_s, u"FORM"_s, u"Error"_s);
    row("keyword in the arguments", u"ENV X=1\nRUN FROM"_s, u"FROM"_s, u"Text"_s);
    row("keyword after an instruction", u"ENV X=1\nRUN true"_s, u"RUN"_s, u"Keyword"_s);
    row("directive", u"# syntax=docker/dockerfile:1\nFROM a"_s, u"syntax"_s, u"Directive"_s);
    row("second directive", u"# syntax=x\n# check=skip=all\nFROM a"_s, u"check"_s, u"Directive"_s);
    row("directive below the head is a comment", u"FROM a\n# syntax=x"_s, u"syntax"_s, u"Comment"_s);
    row("comment", u"# hello\nFROM a"_s, u"hello"_s, u"Comment"_s);
    row("number sign in arguments", u"WORKDIR /x # y"_s, u"# y"_s, u"Text"_s);
    row("image", u"FROM docker.io/a/b:1"_s, u"docker.io/a/b:1"_s, u"Image"_s);
    row("flag of FROM", u"FROM --platform=$P a"_s, u"--platform="_s, u"Flag"_s);
    row("variable in a flag", u"FROM --platform=$P a"_s, u"$P"_s, u"Variable"_s);
    row("image after a flag", u"FROM --platform=x a:1"_s, u"a:1"_s, u"Image"_s);
    row("AS", u"FROM a as b"_s, u"as"_s, u"Keyword"_s);
    row("stage", u"FROM a AS build"_s, u"build"_s, u"Stage"_s);
    row("variable in ENV", u"ENV A=$B"_s, u"$B"_s, u"Variable"_s);
    row("name in ENV", u"ENV A=$B CD=2"_s, u"CD"_s, u"Name"_s);
    row("variable outside of shell forms", u"COPY $SRC /x"_s, u"$SRC"_s, u"Variable"_s);
    row("variable with braces", u"WORKDIR ${A}/x"_s, u"${A}"_s, u"Variable"_s);
    row("modifier", u"WORKDIR ${A:-b}"_s, u":-"_s, u"Operator"_s);
    row("escaped variable", u"ENV A=\\$B"_s, u"\\$"_s, u"Escape"_s);
    row("no variable in single quotes", u"ENV A='$B'"_s, u"$B"_s, u"String"_s);
    row("variable in double quotes", u"ENV A=\"$B\""_s, u"$B"_s, u"Variable"_s);
    row("JSON string", u"CMD [\"a\", \"b\"]"_s, u"\"b\""_s, u"String"_s);
    row("no JSON with single quotes", u"CMD ['a']"_s, u"'a'"_s, u"String"_s);
    row("variable in JSON is none", u"CMD [\"$A\"]"_s, u"$A"_s, u"String"_s);
    row("JSON over lines", u"CMD [\"a\", \\\n  \"b\"]\nRUN true"_s, u"RUN"_s, u"Keyword"_s);
    row("continuation", u"RUN a \\\n  && b"_s, u"&&"_s, u"Operator"_s);
    row("continuation with blanks", u"RUN a \\  \n  && b\nRUN c"_s, u"RUN"_s, u"Keyword"_s, 2);
    row("comment in a continuation", u"RUN a \\\n# why\n  && b\nFROM c"_s, u"why"_s, u"Comment"_s);
    row("after a comment in a continuation", u"RUN a \\\n# why\n  && b\nFROM c"_s, u"&&"_s, u"Operator"_s);
    row("after an empty line in a continuation", u"RUN a \\\n\n  && b\nFROM c"_s, u"&&"_s, u"Operator"_s);
    row("end of a continued instruction", u"RUN a \\\n# why\n\n  && b\nFROM c"_s, u"FROM"_s, u"Keyword"_s);
    row("string over lines", u"RUN echo \"a \\\n b\"\nFROM c"_s, u" b"_s, u"String"_s);
    row("end of a string over lines", u"RUN echo \"a \\\n b\"\nFROM c"_s, u"FROM"_s, u"Keyword"_s);
    row("unclosed string ends with its line", u"RUN echo \"a\nFROM c"_s, u"FROM"_s, u"Keyword"_s);
    row("shell keyword", u"RUN if true; then a; fi"_s, u"then"_s, u"Control"_s);
    row("shell builtin", u"RUN echo a"_s, u"echo"_s, u"Builtin"_s);
    row("shell option", u"RUN ls -la"_s, u"-la"_s, u"Option"_s);
    row("flag of RUN", u"RUN --network=none ls"_s, u"--network="_s, u"Flag"_s);
    row("shell variable", u"RUN echo $HOME"_s, u"$HOME"_s, u"Variable"_s);
    row("command substitution", u"RUN echo $(date) x"_s, u"$("_s, u"Operator"_s);
    row("keyword behind HEALTHCHECK", u"HEALTHCHECK --interval=1s CMD ls"_s, u"CMD"_s, u"Keyword"_s);
    row("HEALTHCHECK NONE", u"HEALTHCHECK none"_s, u"none"_s, u"Keyword"_s);
    row("trigger", u"ONBUILD RUN ls"_s, u"RUN"_s, u"Keyword"_s);
    row("port", u"EXPOSE 80/tcp"_s, u"80/tcp"_s, u"Number"_s);
    row("delimiter", u"RUN <<EOF\necho a\nEOF\nFROM b"_s, u"EOF"_s, u"Delimiter"_s, 2);
    row("shell in a heredoc", u"RUN <<EOF\nif true\nEOF\nFROM b"_s, u"FROM"_s, u"Keyword"_s);
    row("heredoc's keywords are none", u"COPY <<EOF /x\nFROM a\nEOF\n"_s, u"FROM"_s, u"Body"_s);
    row("tabs before the delimiter", u"COPY <<-EOF /x\n\tFROM a\n\tEOF\nRUN b"_s, u"RUN"_s, u"Keyword"_s);
    row("quoted delimiter", u"COPY <<'EOF' /x\na\nEOF\nRUN b"_s, u"RUN"_s, u"Keyword"_s);
    row("Python by its interpreter", u"RUN <<EOF python3\nimport os\nEOF\nRUN b"_s, u"import"_s, u"Import"_s);
    row("Python before the heredoc", u"RUN python3 <<EOF\nimport os\nEOF\nRUN b"_s, u"import"_s, u"Import"_s);
    row("Python by the file's name", u"COPY <<EOF /a.py\nimport os\nEOF\nRUN b"_s, u"import"_s, u"Import"_s);
    row("after Python", u"RUN <<EOF python3\nimport os\nEOF\nRUN b"_s, u"RUN"_s, u"Keyword"_s, 2);
    row("backtick as escape", u"# escape=`\nRUN a `\n  && b\nFROM c"_s, u"&&"_s, u"Operator"_s);
    row("backslash then", u"# escape=`\nCOPY a C:\\\nFROM c"_s, u"FROM"_s, u"Keyword"_s);
}

void DockerfileSyntaxTest::wordsAreWhatTheBuilderTakesThemFor()
{
    QFETCH(QString, text);
    QFETCH(QString, word);
    QFETCH(int, count);
    QTEST(Attributes(text).of(word, count), "expected");
}

QTEST_GUILESS_MAIN(DockerfileSyntaxTest)
#include "tst_dockerfilesyntax.moc"
