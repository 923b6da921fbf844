#include "app/formdialog.h"

#include "app/accessibility.h"

#include <QCompleter>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace cooperage::gui {

FormDialog::FormDialog(const QString &objectName, const QString &title, const QString &button,
                       const QList<FormField> &fields, QWidget *parent)
    : QDialog(parent),
      m_fields(fields),
      m_hint(new QLabel(this)),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this)),
      m_accept(m_buttons->addButton(button, QDialogButtonBox::AcceptRole))
{
    setObjectName(objectName);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    m_accept->setDefault(true);
    m_hint->setWordWrap(true);
    m_hint->setMinimumHeight(2 * m_hint->fontMetrics().lineSpacing());
    auto *form = new QFormLayout(this);
    for (const FormField &field : fields) {
        auto *edit = new QLineEdit(field.text, this);
        nameWidget(edit, field.name, QString(field.label).remove(u'&').remove(u':'));
        edit->setPlaceholderText(field.placeholder);
        edit->setMinimumWidth(340);
        edit->selectAll();
        if (!field.completions.isEmpty()) {
            auto *completer = new QCompleter(field.completions, edit);
            completer->setFilterMode(Qt::MatchContains);
            edit->setCompleter(completer);
        }
        connect(edit, &QLineEdit::textChanged, this, &FormDialog::check);
        form->addRow(field.label, edit);
        m_edits.append(edit);
    }
    m_edits.first()->setFocus();
    setTabOrder(m_edits.last(), m_buttons);
    form->addRow(m_hint);
    form->addRow(m_buttons);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT chosen(texts());
        accept();
    });
    check();
}

QStringList FormDialog::texts() const
{
    QStringList result;
    for (const QLineEdit *edit : m_edits)
        result.append(edit->text().trimmed());
    return result;
}

void FormDialog::check()
{
    const QStringList given = texts();
    QString hint;
    bool usable = true;
    for (qsizetype i = 0; i < m_fields.size() && usable; ++i) {
        usable = m_fields[i].optional || !given[i].isEmpty();
        if (given[i].isEmpty() || !m_fields[i].check)
            continue;
        const Result<> fine = m_fields[i].check(given[i]);
        usable = fine.has_value();
        if (!usable)
            hint = fine.error().what + u'.';
    }
    m_hint->setText(hint);
    m_accept->setEnabled(usable);
}

} // namespace cooperage::gui
