#pragma once

#include <QDialog>
#include <QMap>

#include <optional>

class QTableWidget;

namespace cooperage::gui {

/// Edits the variables that later runs of a session get.
class VariablesDialog : public QDialog
{
    Q_OBJECT

public:
    explicit VariablesDialog(const QMap<QString, QString> &variables, QWidget *parent = nullptr);

Q_SIGNALS:
    /// What was set, or taken away (no value). Not emitted where nothing changed.
    void changed(const QMap<QString, std::optional<QString>> &changes);

private:
    void addRow(const QString &name, const QString &value);
    [[nodiscard]] QMap<QString, std::optional<QString>> changes() const;

    QMap<QString, QString> m_before;
    QTableWidget *m_table;
};

} // namespace cooperage::gui
