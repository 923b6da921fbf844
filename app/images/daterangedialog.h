#pragma once

#include <QDialog>

class QDateTimeEdit;

namespace cooperage::gui {

/// Asks for two points in time, in the user's own time zone; gives them as RFC 3339.
class DateRangeDialog : public QDialog
{
    Q_OBJECT

public:
    DateRangeDialog(const QString &since, const QString &until, QWidget *parent = nullptr);

Q_SIGNALS:
    void chosen(const QString &since, const QString &until);

private:
    QDateTimeEdit *m_since;
    QDateTimeEdit *m_until;
};

} // namespace cooperage::gui
