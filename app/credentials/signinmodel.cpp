#include "app/credentials/signinmodel.h"

#include "app/credentials/signins.h"
#include "app/icons.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using credentials::SecretEntry;
using credentials::SignInCheck;
using credentials::SignInState;

SignInModel::SignInModel(SignIns *signIns, QObject *parent)
    : QAbstractTableModel(parent), m_signIns(signIns), m_accounts(signIns->accounts())
{
    connect(signIns, &SignIns::changed, this, &SignInModel::reload);
    connect(signIns, &SignIns::testStarted, this,
            [this](const SecretEntry &account) { setTest(account, {.running = true}); });
    connect(signIns, &SignIns::tested, this, [this](const SecretEntry &account, const SignInCheck &check) {
        setTest(account, {.check = check});
    });
    connect(signIns, &SignIns::removed, this,
            [this](const SecretEntry &account) { m_tests.remove(account.key.toString()); });
}

void SignInModel::reload()
{
    QList<SecretEntry> accounts = m_signIns->accounts();
    if (accounts.size() == m_accounts.size()) { // Keeps the selection where only a time has changed.
        m_accounts = std::move(accounts);
        if (!m_accounts.isEmpty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_accounts = std::move(accounts);
    endResetModel();
}

void SignInModel::setTest(const SecretEntry &account, const Test &test)
{
    m_tests.insert(account.key.toString(), test);
    if (!m_accounts.isEmpty())
        Q_EMIT dataChanged(index(0, StateColumn), index(rowCount() - 1, StateColumn));
}

int SignInModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_accounts.size());
}

int SignInModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

static QString timeText(const QDateTime &time)
{
    return QLocale().toString(time.toLocalTime(), QLocale::ShortFormat);
}

QString SignInModel::stateText(const SecretEntry &account) const
{
    const auto test = m_tests.constFind(account.key.toString());
    if (test != m_tests.constEnd() && test->running)
        return tr("Asking…");
    if (test != m_tests.constEnd() && !test->check.isAccepted())
        return test->check.error.what;
    if (account.checkedAt.isValid())
        return tr("Accepted %1").arg(timeText(account.checkedAt));
    return tr("Not tested");
}

QVariant SignInModel::stateIcon(const SecretEntry &account) const
{
    const auto test = m_tests.constFind(account.key.toString());
    if (test != m_tests.constEnd() && test->running)
        return icon(u"running"_s, Tone::Active);
    if (test != m_tests.constEnd() && !test->check.isAccepted())
        return icon(u"failed"_s, Tone::Bad);
    return account.checkedAt.isValid() ? icon(u"done"_s, Tone::Good) : icon(u"waiting"_s);
}

QString SignInModel::text(const SecretEntry &account, int column) const
{
    switch (column) {
    case HostColumn:
        return account.key.scope;
    case UserColumn:
        return account.key.user;
    case StateColumn:
        return stateText(account);
    case SourceColumn:
        if (account.forThisRun)
            return tr("This run only");
        return account.source.isEmpty() ? tr("Keychain") : tr("Keychain, from %1").arg(account.source);
    case UsedColumn:
        return account.usedAt.isValid() ? timeText(account.usedAt) : tr("Never");
    default:
        return {};
    }
}

QVariant SignInModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const SecretEntry &account = m_accounts.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return text(account, index.column());
    case Qt::DecorationRole:
        return index.column() == StateColumn ? stateIcon(account) : QVariant();
    case Qt::AccessibleTextRole:
        // The row in one breath, then its other cells.
        return index.column() == HostColumn
                   ? u"%1, %2, %3"_s.arg(account.key.scope, account.key.user, stateText(account))
                   : text(account, index.column());
    default:
        return {};
    }
}

QVariant SignInModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case HostColumn:
        return tr("Registry");
    case UserColumn:
        return tr("User");
    case StateColumn:
        return tr("State");
    case SourceColumn:
        return tr("Kept in");
    case UsedColumn:
        return tr("Last used");
    default:
        return {};
    }
}

} // namespace cooperage::gui
