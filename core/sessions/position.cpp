#include "core/sessions/position.h"

#include <QCoreApplication>
#include <QHash>
#include <QRegularExpression>

#include <algorithm>

namespace cooperage::sessions {

using namespace Qt::StringLiterals;

Result<Position> Position::parse(const QString &text)
{
    static const QRegularExpression form(u"^(?:(@|:|HEAD)|(?:@?([-+]?)|(HEAD~))([0-9]{1,18}))$"_s);
    const QRegularExpressionMatch match = form.match(text.trimmed());
    if (!match.hasMatch())
        return failure(
            ErrorKind::BadInput,
            QCoreApplication::translate("SessionStore", "\"%1\" is no place in a history").arg(text), {},
            QCoreApplication::translate("SessionStore",
                                        "Write -N (N back), +N (N forward), HEAD~N, or an entry's number."));
    if (match.hasCaptured(1))
        return Position{Form::Back, 0};
    const qint64 number = match.captured(4).toLongLong();
    const QString sign = match.captured(2);
    if (sign == "-"_L1 || match.hasCaptured(3))
        return Position{Form::Back, number};
    return Position{sign == "+"_L1 ? Form::Forward : Form::Entry, number};
}

static std::unexpected<Error> missing(const QString &what)
{
    return failure(
        ErrorKind::NotFound, what, {},
        QCoreApplication::translate("SessionStore", "Look at the session's history for its entries."));
}

static Result<qint64> forward(const QList<HistoryEntry> &entries, qint64 from, qint64 steps)
{
    QHash<qint64, qint64> newestChild; // Entries come oldest first.
    for (const HistoryEntry &entry : entries)
        newestChild[entry.parent] = entry.id;
    for (; steps > 0; --steps) {
        from = newestChild.value(from);
        if (from == 0)
            return missing(
                QCoreApplication::translate("SessionStore", "The history does not go on that far"));
    }
    return from;
}

static Result<qint64> back(const QList<HistoryEntry> &entries, qint64 from, qint64 steps)
{
    QHash<qint64, qint64> parents;
    for (const HistoryEntry &entry : entries)
        parents[entry.id] = entry.parent;
    for (; steps > 0; --steps) {
        from = parents.value(from);
        if (from == 0)
            return missing(
                QCoreApplication::translate("SessionStore", "The history does not go back that far"));
    }
    return from;
}

Result<qint64> Position::find(const QList<HistoryEntry> &entries, qint64 head) const
{
    if (form == Form::Entry) {
        if (!std::ranges::contains(entries, number, &HistoryEntry::id))
            return missing(QCoreApplication::translate("SessionStore", "The session has no history entry %1")
                               .arg(number));
        return number;
    }
    if (head == 0)
        return missing(QCoreApplication::translate("SessionStore", "The active branch has no entry yet"));
    return form == Form::Back ? back(entries, head, number) : forward(entries, head, number);
}

} // namespace cooperage::sessions
