#pragma once

#include "core/base/error.h"

#include <QDialog>

#include <functional>

class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace cooperage::gui {

/// A line that a FormDialog asks for.
struct FormField
{
    QString name; ///< Object name.
    QString label;
    QString text{};
    QString placeholder{};
    std::function<Result<>(const QString &)> check{}; ///< Absent: anything but nothing.
    QStringList completions{};
    bool optional = false; ///< Nothing is an answer too.
};

/// Asks for one or a few lines of text; what is wrong with them is said at once, before the button is
/// pressed.
class FormDialog : public QDialog
{
    Q_OBJECT

public:
    FormDialog(const QString &objectName, const QString &title, const QString &button,
               const QList<FormField> &fields, QWidget *parent = nullptr);

Q_SIGNALS:
    /// One text per field, trimmed.
    void chosen(const QStringList &texts);

private:
    void check();
    [[nodiscard]] QStringList texts() const;

    QList<FormField> m_fields;
    QList<QLineEdit *> m_edits;
    QLabel *m_hint;
    QDialogButtonBox *m_buttons;
    QPushButton *m_accept;
};

} // namespace cooperage::gui
