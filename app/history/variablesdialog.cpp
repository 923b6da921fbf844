#include "app/history/variablesdialog.h"

#include "app/accessibility.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

VariablesDialog::VariablesDialog(const QMap<QString, QString> &variables, QWidget *parent)
    : QDialog(parent), m_before(variables), m_table(new QTableWidget(0, 2, this))
{
    setObjectName(u"variablesDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Variables for Later Runs"));
    nameWidget(m_table, u"variablesTable"_s, tr("Variables"));
    m_table->setHorizontalHeaderLabels({tr("Name"), tr("Value")});
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->verticalHeader()->hide();
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    for (const auto &[name, value] : variables.asKeyValueRange())
        addRow(name, value);

    auto *add = new QPushButton(tr("&Add"), this);
    add->setObjectName(u"variablesAdd"_s);
    auto *remove = new QPushButton(tr("Re&move"), this);
    remove->setObjectName(u"variablesRemove"_s);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton *set = buttons->addButton(tr("&Set Variables"), QDialogButtonBox::AcceptRole);
    set->setDefault(true);
    auto *note = new QLabel(
        tr("Values are kept in the session's file on this computer: not a place for secrets."), this);
    note->setWordWrap(true);
    auto *row = new QHBoxLayout;
    row->addWidget(add);
    row->addWidget(remove);
    row->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_table);
    layout->addLayout(row);
    layout->addWidget(note);
    layout->addWidget(buttons);
    resize(460, 320);

    connect(add, &QPushButton::clicked, this, [this] {
        addRow({}, {});
        m_table->setCurrentCell(m_table->rowCount() - 1, 0);
        m_table->editItem(m_table->currentItem());
    });
    connect(remove, &QPushButton::clicked, this, [this] { m_table->removeRow(m_table->currentRow()); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        if (const auto changed = changes(); !changed.isEmpty())
            Q_EMIT this->changed(changed);
        accept();
    });
}

void VariablesDialog::addRow(const QString &name, const QString &value)
{
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    m_table->setItem(row, 0, new QTableWidgetItem(name));
    m_table->setItem(row, 1, new QTableWidgetItem(value));
}

QMap<QString, std::optional<QString>> VariablesDialog::changes() const
{
    QMap<QString, QString> after;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const QString name = m_table->item(row, 0)->text().trimmed();
        if (!name.isEmpty() && !name.contains(u'='))
            after.insert(name, m_table->item(row, 1)->text());
    }
    QMap<QString, std::optional<QString>> result;
    for (const auto &[name, value] : after.asKeyValueRange()) {
        if (!m_before.contains(name) || m_before.value(name) != value)
            result.insert(name, value);
    }
    for (const QString &name : m_before.keys()) {
        if (!after.contains(name))
            result.insert(name, std::nullopt);
    }
    return result;
}

} // namespace cooperage::gui
