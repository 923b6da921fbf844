#pragma once

#include "core/credentials/secretindex.h"
#include "core/credentials/signincheck.h"

#include <QAbstractTableModel>
#include <QMap>

namespace cooperage::gui {

class SignIns;

/// The saved registry accounts, with what their last test came to. Holds no password.
class SignInModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { HostColumn, UserColumn, StateColumn, SourceColumn, UsedColumn, ColumnCount };

    explicit SignInModel(SignIns *signIns, QObject *parent = nullptr);

    [[nodiscard]] credentials::SecretEntry account(int row) const { return m_accounts.at(row); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    struct Test
    {
        bool running = false;
        credentials::SignInCheck check{};
    };
    void reload();
    void setTest(const credentials::SecretEntry &account, const Test &test);
    [[nodiscard]] QString text(const credentials::SecretEntry &account, int column) const;
    [[nodiscard]] QString stateText(const credentials::SecretEntry &account) const;
    [[nodiscard]] QVariant stateIcon(const credentials::SecretEntry &account) const;

    SignIns *m_signIns;
    QList<credentials::SecretEntry> m_accounts;
    QMap<QString, Test> m_tests; ///< By the key's text.
};

} // namespace cooperage::gui
