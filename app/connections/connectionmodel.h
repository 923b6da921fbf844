#pragma once

#include "core/connections/connection.h"
#include "core/connections/dockersockets.h"

#include <QAbstractTableModel>
#include <QMap>

#include <stop_token>

namespace cooperage::gui {

class EngineSession;

/// The engines that can be chosen, with what their last test came to, and below them those that were only
/// found.
class ConnectionModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { NameColumn, AddressColumn, StateColumn, ColumnCount };

    ConnectionModel(EngineSession *session, credentials::SecretStore *secrets, QObject *parent = nullptr);
    ~ConnectionModel() override;

    /// Absent for an engine that was only found.
    [[nodiscard]] std::optional<connections::ConnectionProfile> profile(int row) const;
    /// Why the last test of that row failed; absent if it did not.
    [[nodiscard]] std::optional<Error> problem(int row) const;
    /// Reads the profiles again.
    void reload();
    void test(const connections::ConnectionProfile &profile);
    void testAll();

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void tested(const cooperage::connections::ConnectionProfile &profile);

private:
    struct State
    {
        bool running = false;
        Result<connections::ConnectionCheck> check{};
    };
    [[nodiscard]] QVariant profileData(const connections::ConnectionProfile &profile, int column,
                                       int role) const;
    [[nodiscard]] static QVariant socketData(const connections::DockerSocket &socket, int column, int role);
    [[nodiscard]] QString nameText(const connections::ConnectionProfile &profile) const;
    [[nodiscard]] QString stateText(const QString &name) const;
    void setState(const QString &name, const State &state);

    EngineSession *m_session;
    credentials::SecretStore *m_secrets;
    QList<connections::ConnectionProfile> m_profiles;
    QList<connections::DockerSocket> m_sockets;
    QString m_default;
    QMap<QString, State> m_states; ///< By the profile's name; absent: not tested.
    std::stop_source m_stop;
};

} // namespace cooperage::gui
