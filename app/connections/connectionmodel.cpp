#include "app/connections/connectionmodel.h"

#include "app/connections/enginesession.h"
#include "app/icons.h"
#include "core/connections/profilestore.h"

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using connections::ConnectionCheck;
using connections::ConnectionProfile;
using connections::DockerSocket;

ConnectionModel::ConnectionModel(EngineSession *session, credentials::SecretStore *secrets, QObject *parent)
    : QAbstractTableModel(parent), m_session(session), m_secrets(secrets)
{
    connect(session, &EngineSession::engineChanged, this, &ConnectionModel::reload);
    reload();
}

ConnectionModel::~ConnectionModel()
{
    m_stop.request_stop();
}

void ConnectionModel::reload()
{
    beginResetModel();
    m_profiles = connections::ProfileStore::profiles();
    m_default = connections::ProfileStore::defaultName();
    m_sockets = connections::findDockerSockets();
    endResetModel();
}

std::optional<ConnectionProfile> ConnectionModel::profile(int row) const
{
    return row >= 0 && row < m_profiles.size() ? std::optional(m_profiles[row]) : std::nullopt;
}

std::optional<Error> ConnectionModel::problem(int row) const
{
    const auto chosen = profile(row);
    const auto state = chosen ? m_states.constFind(chosen->name) : m_states.constEnd();
    if (state == m_states.constEnd() || state->running || state->check)
        return std::nullopt;
    return state->check.error();
}

static engine::Task<ConnectionCheck> testSaved(credentials::SecretStore *secrets, ConnectionProfile profile,
                                               std::stop_token stop)
{
    const auto token = co_await connections::tokenOf(secrets, profile);
    if (!token)
        co_return std::unexpected(token.error());
    const std::shared_ptr<engine::Engine> engine = connections::makeEngine(profile, *token);
    co_return co_await connections::checkConnection(engine, stop);
}

void ConnectionModel::test(const ConnectionProfile &profile)
{
    setState(profile.name, {.running = true});
    QCoro::connect(testSaved(m_secrets, profile, m_stop.get_token()), this,
                   [this, profile](const Result<ConnectionCheck> &check) {
                       setState(profile.name, {.check = check});
                       Q_EMIT tested(profile);
                   });
}

void ConnectionModel::testAll()
{
    for (const ConnectionProfile &profile : std::as_const(m_profiles))
        test(profile);
}

void ConnectionModel::setState(const QString &name, const State &state)
{
    m_states.insert(name, state);
    Q_EMIT dataChanged(index(0, StateColumn), index(rowCount() - 1, StateColumn));
}

int ConnectionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_profiles.size() + m_sockets.size());
}

int ConnectionModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ConnectionModel::nameText(const ConnectionProfile &profile) const
{
    QStringList notes;
    if (profile.name == m_session->profile().name)
        notes << tr("in use");
    if (profile.name == m_default)
        notes << tr("default");
    return notes.isEmpty() ? profile.displayName()
                           : tr("%1 (%2)").arg(profile.displayName(), notes.join(u", "_s));
}

QString ConnectionModel::stateText(const QString &name) const
{
    const auto state = m_states.constFind(name);
    if (state == m_states.constEnd())
        return tr("Not tested");
    if (state->running)
        return tr("Asking…");
    if (!state->check)
        return tr("Not ready: %1").arg(state->check.error().what);
    return tr("Ready: %1").arg(connections::summaryOf(*state->check));
}

QVariant ConnectionModel::profileData(const ConnectionProfile &profile, int column, int role) const
{
    const bool embedded = profile.kind == ConnectionProfile::Kind::Embedded;
    const QString address = embedded ? tr("this computer") : profile.url.toDisplayString();
    if (role == Qt::DecorationRole && column == StateColumn) {
        const auto state = m_states.constFind(profile.name);
        if (state == m_states.constEnd())
            return icon(u"waiting"_s);
        if (state->running)
            return icon(u"running"_s, Tone::Active);
        return state->check ? icon(u"done"_s, Tone::Good) : icon(u"failed"_s, Tone::Bad);
    }
    if (role == Qt::AccessibleTextRole && column == NameColumn) // The row in one breath.
        return u"%1, %2, %3"_s.arg(nameText(profile), address, stateText(profile.name));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::AccessibleTextRole)
        return {};
    if (column == NameColumn)
        return nameText(profile);
    if (column == AddressColumn)
        return profile.project.isEmpty() ? address : tr("%1, project %2").arg(address, profile.project);
    return stateText(profile.name);
}

QVariant ConnectionModel::socketData(const DockerSocket &socket, int column, int role)
{
    const QString state = socket.permitted
                              ? tr("Found; this version does not work with it yet")
                              : tr("Found, but you may not use it; this version does not work with it yet");
    if (role == Qt::DecorationRole && column == StateColumn)
        return icon(u"skipped"_s);
    if (role == Qt::AccessibleTextRole && column == NameColumn)
        return u"%1, %2, %3"_s.arg(socket.name, socket.path, state);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::AccessibleTextRole)
        return {};
    return column == NameColumn ? socket.name : column == AddressColumn ? socket.path : state;
}

QVariant ConnectionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (const auto chosen = profile(index.row()))
        return profileData(*chosen, index.column(), role);
    return socketData(m_sockets.at(index.row() - m_profiles.size()), index.column(), role);
}

QVariant ConnectionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == NameColumn ? tr("Engine") : section == AddressColumn ? tr("Address") : tr("State");
}

} // namespace cooperage::gui
