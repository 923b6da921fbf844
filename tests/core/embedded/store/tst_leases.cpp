#include "core/embedded/store/leases.h"

#include <QTest>

using namespace cooperage::embedded;

class TestLeases : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leaseLastsAsLongAsACopyOfIt();
    void kindsAreApart();
    void leaseOutlivesTheTable();
    void endedLeasesTakeNoRoom();

private:
    static bool isTaken(Leases &leases, const std::string &name)
    {
        return leases.isTaken(leases.lock(), Leases::Kind::Layer, name);
    }
};

void TestLeases::leaseLastsAsLongAsACopyOfIt()
{
    Leases leases;
    std::vector<LayerId> kept;
    {
        const LayerId id("a", leases.take(leases.lock(), Leases::Kind::Layer, "a"));
        const LayerId again("a", leases.take(leases.lock(), Leases::Kind::Layer, "a"));
        kept.push_back(again);
    }
    QVERIFY(isTaken(leases, "a"));
    QVERIFY(!isTaken(leases, "b"));
    kept.clear();
    QVERIFY(!isTaken(leases, "a"));
}

void TestLeases::kindsAreApart()
{
    Leases leases;
    const Lease file = leases.take(leases.lock(), Leases::Kind::File, "a");
    QVERIFY(!isTaken(leases, "a"));
    QVERIFY(leases.isTaken(leases.lock(), Leases::Kind::File, "a"));
}

void TestLeases::leaseOutlivesTheTable()
{
    Lease lease;
    {
        Leases leases;
        lease = leases.take(leases.lock(), Leases::Kind::Layer, "a");
    }
    QVERIFY(lease);
}

void TestLeases::endedLeasesTakeNoRoom()
{
    Leases leases;
    const Lease kept = leases.take(leases.lock(), Leases::Kind::Layer, "kept");
    for (int i = 0; i < 100'000; ++i)
        (void)leases.take(leases.lock(), Leases::Kind::Layer, std::to_string(i));
    QVERIFY(isTaken(leases, "kept"));
    QVERIFY(leases.size() < 2000);
}

QTEST_GUILESS_MAIN(TestLeases)
#include "tst_leases.moc"
