#include "core/dockerfile/expansion.h"

#include <QElapsedTimer>
#include <QHash>
#include <QTest>

using namespace cooperage;
using namespace cooperage::dockerfile;
using namespace Qt::StringLiterals;

class TestExpansion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void expandsWords_data();
    void expandsWords();
    void refusesBadSubstitutions_data();
    void refusesBadSubstitutions();
    void usesTheEscapeOfTheFile();
    void splitsAtUnquotedWhiteSpace();
    void keepsQuotesOfHeredocBodies();
    void saysWhichNamesItLookedUp();
    void survivesDeepNesting();
    void matchesPatternsInLinearTime();
    void survivesEveryPrefix();
};

static std::optional<QString> lookUp(const QString &name)
{
    static const QHash<QString, QString> values{{u"name"_s, u"ada"_s},           {u"empty"_s, u""_s},
                                                {u"path"_s, u"/usr/lib/a.so"_s}, {u"größe"_s, u"12"_s},
                                                {u"two"_s, u"one two"_s},        {u"lines"_s, u"a1\nb1"_s},
                                                {u"emoji"_s, u"😀x😀"_s}};
    const auto found = values.constFind(name);
    return found == values.constEnd() ? std::nullopt : std::optional(*found);
}

void TestExpansion::expandsWords_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("result");

    const auto row = [](const QString &word, const QString &result) {
        QTest::addRow("%s", qPrintable(word)) << word << result;
    };
    row(u"plain"_s, u"plain"_s);
    row(u"$name-${name}"_s, u"ada-ada"_s);
    row(u"'$name'\"$name\""_s, u"$nameada"_s);
    row(u"\\$name\\a\\"_s, u"$namea"_s);
    row(u"\"\\a\\$\\\"\\\\\""_s, u"\\a$\"\\"_s);
    row(u"$größe."_s, u"12."_s);
    row(u"$1name$@$ $."_s, u"name$ $."_s);
    row(u"${unset}${empty}"_s, u""_s);
    row(u"${unset:-d}${empty:-d}${empty-d}${name:-d}"_s, u"ddada"_s);
    row(u"${unset:+d}${empty:+d}${empty+d}${name:+d}"_s, u"dd"_s);
    row(u"${unset:-${other:-\"a b\"}}"_s, u"a b"_s);
    row(u"${unset:-a\\}b}"_s, u"a}b"_s);
    row(u"${name:?never}${empty?never}"_s, u"ada"_s);
    row(u"${path#*/}"_s, u"usr/lib/a.so"_s);
    row(u"${path##*/}"_s, u"a.so"_s);
    row(u"${path%/*}"_s, u"/usr/lib"_s);
    row(u"${path%%/*}"_s, u""_s);
    row(u"${path%.s?}"_s, u"/usr/lib/a"_s);
    row(u"${path#[/]}"_s, u"/usr/lib/a.so"_s);
    row(u"${path/\\//+}"_s, u"+usr/lib/a.so"_s);
    row(u"${path//\\//+}"_s, u"+usr+lib+a.so"_s);
    row(u"${path//l*b/}"_s, u"/usr//a.so"_s);
    row(u"${name//a/<$name>}"_s, u"<ada>d<ada>"_s);
    row(u"${name//$empty/-}"_s, u"-a-d-a-"_s);
    row(u"${name///-}"_s, u"-a-d-a-"_s);
    row(u"${lines##*1}"_s, u"\nb1"_s);
    row(u"${lines//*/x}"_s, u"x\nx"_s);
    row(u"${emoji#?}"_s, u"x😀"_s);
    row(u"${emoji%?}"_s, u"😀x"_s);
    row(u"${unset#x}${unset/a/b}"_s, u""_s);
    row(u"$(name) `name` ~ *"_s, u"$(name) `name` ~ *"_s);
}

void TestExpansion::expandsWords()
{
    QFETCH(QString, word);
    QFETCH(QString, result);
    const auto expansion = expand(word, lookUp);
    QVERIFY2(expansion.has_value(), expansion ? "" : qPrintable(expansion.error().text()));
    QCOMPARE(expansion->text, result);
}

void TestExpansion::refusesBadSubstitutions_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("message");

    const auto row = [](const QString &word, const QString &message) {
        QTest::addRow("%s", qPrintable(word)) << word << message;
    };
    const QString unclosed = u"unexpected end of statement while looking for matching "_s;
    row(u"'a"_s, unclosed + u"single-quote"_s);
    row(u"\"a\\\""_s, unclosed + u"double-quote"_s);
    row(u"${"_s, u"syntax error: missing '}'"_s);
    for (const QString &word : {u"${}"_s, u"${{a}"_s, u"${:}"_s})
        row(word, u"syntax error: bad substitution"_s);
    row(u"${name=x}"_s, u"unsupported modifier (=) in substitution"_s);
    row(u"${name:=x}"_s, u"unsupported modifier (:=) in substitution"_s);
    row(u"${name:1}"_s, u"unsupported modifier (:1) in substitution"_s);
    row(u"${name:#x}"_s, u"unsupported modifier (:#) in substitution"_s);
    row(u"${name^^}"_s, u"unsupported modifier (^) in substitution"_s);
    row(u"${#name}"_s, u"unsupported modifier (n) in substitution"_s);
    row(u"${name"_s, u"unsupported modifier (\uFFFD) in substitution"_s);
    row(u"${name:-x"_s, u"syntax error: missing '}'"_s);
    row(u"${name:-'x}"_s, u"syntax error: missing '}'"_s);
    row(u"${name/x}"_s, u"syntax error: missing '/' in ${}"_s);
    row(u"${name/x/y"_s, u"syntax error: missing '}'"_s);
    row(u"${name#a\\b}"_s, u"invalid pattern (a\\b) in substitution: invalid escape '\\b'"_s);
    row(u"${unset?}"_s, u"unset: is not allowed to be unset"_s);
    row(u"${empty:?}"_s, u"empty: is not allowed to be empty"_s);
    row(u"${empty:?set $name}"_s, u"empty: set ada"_s);
}

void TestExpansion::refusesBadSubstitutions()
{
    QFETCH(QString, word);
    QFETCH(QString, message);
    const auto expansion = expand(word, lookUp);
    QVERIFY(!expansion);
    QString quoted = word;
    quoted.replace(u"\\"_s, u"\\\\"_s).replace(u"\""_s, u"\\\""_s);
    QCOMPARE(expansion.error().what, u"failed to process \""_s + quoted + u"\": "_s + message);
    QCOMPARE(expansion.error().kind, ErrorKind::BadInput);
}

void TestExpansion::usesTheEscapeOfTheFile()
{
    const ExpansionOptions options{.escape = u'`'};
    QCOMPARE(expand(u"c:\\$name`$name"_s, lookUp, options)->text, u"c:\\ada$name"_s);
}

void TestExpansion::splitsAtUnquotedWhiteSpace()
{
    const auto expansion = expandWords(u" a $two \"$two\" b\\ c '' "_s, lookUp);
    QCOMPARE(expansion->words, (QStringList{u"a"_s, u"one"_s, u"two"_s, u"one two"_s, u"b c"_s}));
    QVERIFY(expand(u"a b"_s, lookUp)->words.isEmpty());
}

void TestExpansion::keepsQuotesOfHeredocBodies()
{
    const ExpansionOptions options{.escape = u'`', .keepQuotes = true};
    QCOMPARE(expand(u"echo 'it' \"$name\n\\n \\\\ \\$name `$name don't"_s, lookUp, options)->text,
             u"echo 'it' \"ada\nn \\ $name `ada don't"_s);
}

void TestExpansion::saysWhichNamesItLookedUp()
{
    const auto expansion = expand(u"$name ${unset:-$empty} '$never'"_s, lookUp);
    QCOMPARE(expansion->matched, (QSet<QString>{u"name"_s, u"empty"_s}));
    QCOMPARE(expansion->unmatched, QSet<QString>{u"unset"_s});
}

void TestExpansion::survivesDeepNesting()
{
    const auto expansion = expand(u"${a:-"_s.repeated(100'000), lookUp);
    QVERIFY(!expansion);
}

void TestExpansion::matchesPatternsInLinearTime()
{
    const QString value(100'000, u'a');
    const auto lookup = [&](const QString &) { return std::optional(value); };
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(expand(u"${v##*a*a*a*a*a*b}"_s, lookup)->text, value);
    QCOMPARE(expand(u"${v//a*a*a*a*b/}"_s, lookup)->text, value);
    QVERIFY2(timer.elapsed() < 10'000, "exponential or quadratic matching would take minutes");
}

void TestExpansion::survivesEveryPrefix()
{
    const QString text = u"a${b:-'c'\"d$e\\\"\"}\\f${g#h*\\?}${i/j/k}${l//m/n}${o:?p}$q😀${r%%s}"_s;
    for (qsizetype i = 0; i <= text.size(); ++i) {
        const auto whole = expand(text.first(i), lookUp);
        QCOMPARE(expandWords(text.first(i), lookUp).has_value(), whole.has_value());
    }
}

QTEST_GUILESS_MAIN(TestExpansion)
#include "tst_expansion.moc"
