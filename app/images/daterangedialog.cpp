#include "app/images/daterangedialog.h"

#include "app/accessibility.h"

#include <QDateTimeEdit>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

static QDateTime timeOr(const QString &text, const QDateTime &fallback)
{
    const QDateTime time = QDateTime::fromString(text, Qt::ISODate);
    return time.isValid() ? time.toLocalTime() : fallback;
}

DateRangeDialog::DateRangeDialog(const QString &since, const QString &until, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(u"dateRangeDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Images Made Between"));
    const QDateTime now = QDateTime::currentDateTime();
    m_since = new QDateTimeEdit(timeOr(since, now.addDays(-7)), this);
    m_until = new QDateTimeEdit(timeOr(until, now), this);
    nameWidget(m_since, u"dateSince"_s, tr("Made at this time or later"));
    nameWidget(m_until, u"dateUntil"_s, tr("Made at this time or earlier"));
    for (QDateTimeEdit *edit : {m_since, m_until})
        edit->setCalendarPopup(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton *show = buttons->addButton(tr("&Show Images"), QDialogButtonBox::AcceptRole);
    show->setDefault(true);
    auto *form = new QFormLayout(this);
    form->addRow(tr("&From:"), m_since);
    form->addRow(tr("&To:"), m_until);
    form->addRow(buttons);
    const auto check = [this, show] { show->setEnabled(m_since->dateTime() <= m_until->dateTime()); };
    connect(m_since, &QDateTimeEdit::dateTimeChanged, this, check);
    connect(m_until, &QDateTimeEdit::dateTimeChanged, this, check);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT chosen(m_since->dateTime().toUTC().toString(Qt::ISODate),
                      m_until->dateTime().toUTC().toString(Qt::ISODate));
        accept();
    });
}

} // namespace cooperage::gui
