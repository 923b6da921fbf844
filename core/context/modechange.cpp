#include "core/context/modechange.h"

namespace cooperage::context {

constexpr quint32 userBits = 04700;
constexpr quint32 groupBits = 02070;
constexpr quint32 otherBits = 00007;
constexpr quint32 stickyBit = 01000;

// Bits of a class of users; nothing for a letter that names none.
static std::optional<quint32> whoOf(QChar letter)
{
    switch (letter.unicode()) {
    case u'u':
        return userBits;
    case u'g':
        return groupBits;
    case u'o':
        return otherBits;
    case u'a':
        return userBits | groupBits | otherBits;
    default:
        return std::nullopt;
    }
}

static bool isOperation(QChar letter)
{
    return letter == u'+' || letter == u'-' || letter == u'=';
}

std::optional<ModeChange> ModeChange::parse(QStringView text)
{
    ModeChange change;
    change.m_text = text.toString();
    bool isNumber = false;
    const quint32 octal = text.toUInt(&isNumber, 8);
    if (isNumber && octal <= 07777 && text.front().isDigit()) {
        change.m_octal = octal;
        change.m_text = QStringLiteral("%1").arg(octal, 4, 8, QLatin1Char('0'));
        return change;
    }
    for (const QStringView clause : text.split(u',')) {
        qsizetype at = 0;
        quint32 who = 0;
        for (; at < clause.size() && whoOf(clause[at]); ++at)
            who |= *whoOf(clause[at]);
        if (at == clause.size() || !isOperation(clause[at]))
            return std::nullopt;
        while (at < clause.size()) {
            Step step{who, clause[at++], {}};
            for (; at < clause.size() && !isOperation(clause[at]); ++at) {
                if (!QStringView(u"rwxXstugo").contains(clause[at]))
                    return std::nullopt;
                step.what += clause[at];
            }
            change.m_steps.append(step);
        }
    }
    return change;
}

// The same three bits for user, group and others.
static quint32 forAll(quint32 bits)
{
    return bits << 6 | bits << 3 | bits;
}

quint32 ModeChange::carryOut(const Step &step, quint32 mode, quint32 before, bool isFolder)
{
    quint32 bits = 0;
    const bool onlyOthers = step.who == otherBits; // The special bits are not about others.
    for (const QChar letter : step.what) {
        switch (letter.unicode()) {
        case u'r':
            bits |= 0444;
            break;
        case u'w':
            bits |= 0222;
            break;
        case u'X':
            bits |= isFolder || (before & 0111) != 0 ? 0111 : 0;
            break;
        case u'x':
            bits |= 0111;
            break;
        case u's':
            bits |= onlyOthers ? 0 : 06000;
            break;
        case u't':
            bits |= onlyOthers ? 0 : stickyBit;
            break;
        case u'u':
            bits |= forAll(mode >> 6 & 7);
            break;
        case u'g':
            bits |= forAll(mode >> 3 & 7);
            break;
        default: // 'o'
            bits |= forAll(mode & 7);
        }
    }
    const quint32 all = userBits | groupBits | otherBits;
    const quint32 who = step.who != 0 ? step.who : all;
    bits &= who | stickyBit;
    if (step.operation == u'-')
        return mode & ~bits;
    if (step.operation == u'=')
        mode &= ~who;
    return mode | bits;
}

quint32 ModeChange::apply(quint32 mode, bool isFolder) const
{
    if (m_octal)
        return *m_octal;
    const quint32 before = mode & 07777;
    quint32 result = before;
    for (const Step &step : m_steps)
        result = carryOut(step, result, before, isFolder);
    return result;
}

} // namespace cooperage::context
