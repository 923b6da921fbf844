#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

/// docs/engine-conformance.md against the sources.
class TestConformance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyRouteIsInTheTable();
    void everyTestThatIsNamedExists();

private:
    static QString read(const QString &path);
    static QStringList all(const QString &pattern, const QString &text);

    QString m_document;
    QStringList m_routes;            ///< "GET /v1/whoami"
    QHash<QString, QString> m_tests; ///< Texts by their program's name.
};

QString TestConformance::read(const QString &path)
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

// The first groups of all matches.
QStringList TestConformance::all(const QString &pattern, const QString &text)
{
    QStringList result;
    for (const QRegularExpressionMatch &match : QRegularExpression(pattern).globalMatch(text))
        result << (match.lastCapturedIndex() == 2 ? match.captured(1) + u' ' + match.captured(2)
                                                  : match.captured(1));
    return result;
}

void TestConformance::initTestCase()
{
    m_document = read(QStringLiteral(COOPERAGE_SOURCE_DIR "/docs/engine-conformance.md"));
    QVERIFY(!m_document.isEmpty());
    QDirIterator files(QStringLiteral(COOPERAGE_SOURCE_DIR "/tests"), {u"tst_*.cpp"_s}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QFileInfo file = files.nextFileInfo();
        m_tests.insert(file.baseName(), read(file.filePath()));
    }
    QVERIFY(m_tests.size() > 20);
    QDirIterator sources(QStringLiteral(COOPERAGE_SOURCE_DIR "/core/embedded/server"), {u"*.cpp"_s},
                         QDir::Files);
    while (sources.hasNext())
        m_routes += all(u"router\\.add\\(\\s*\"([A-Z]+)\",\\s*\"([^\"]+)\""_s, read(sources.next()));
    QVERIFY(m_routes.size() > 15);
}

void TestConformance::everyRouteIsInTheTable()
{
    const QStringList table = all(u"\\n\\| `([A-Z]+) ([^`]+)` \\|"_s, m_document);
    for (const QString &route : std::as_const(m_routes))
        QVERIFY2(table.contains(route), qPrintable(route));
}

void TestConformance::everyTestThatIsNamedExists()
{
    // A program, and the functions named behind it.
    static const QRegularExpression reference(u"`(tst_\\w+)`((?:[ ,\\n]+[a-z][a-zA-Z0-9]*[A-Z]\\w*)*)"_s);
    int functions = 0;
    for (const QString &line : m_document.split(u"\n\n"_s).join(u"\n| "_s).split(u"\n| "_s)) {
        const QStringList route = all(u"^`([A-Z]+) ([^`]+)` \\|"_s, line);
        if (!route.isEmpty() && !m_routes.contains(route.first()))
            continue; // Not in this engine, and so without a test.
        for (const QRegularExpressionMatch &match : reference.globalMatch(line)) {
            const QString program = match.captured(1);
            QVERIFY2(m_tests.contains(program) || program == "tst_conformance"_L1, qPrintable(program));
            for (const QString &name : all(u"(\\w+)"_s, match.captured(2))) {
                QVERIFY2(m_tests.value(program).contains(u"::%1()"_s.arg(name)),
                         qPrintable(program + u' ' + name));
                ++functions;
            }
        }
    }
    QVERIFY(functions > 50);
}

QTEST_GUILESS_MAIN(TestConformance)
#include "tst_conformance.moc"
