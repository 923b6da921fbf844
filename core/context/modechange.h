#pragma once

#include <QList>
#include <QString>
#include <QStringView>

#include <optional>

namespace cooperage::context {

/// What `--chmod` says (spec 3.3): an octal mode, or symbolic clauses as chmod(1) has them, with umask 0.
class ModeChange
{
public:
    /// "755", "u+x,go=rX", "a=u". std::nullopt for text that is neither.
    [[nodiscard]] static std::optional<ModeChange> parse(QStringView text);

    /// The mode (07777) that a file or folder of `mode` gets.
    [[nodiscard]] quint32 apply(quint32 mode, bool isFolder) const;
    /// Of an octal mode only.
    [[nodiscard]] std::optional<quint32> octal() const { return m_octal; }
    /// As written; an octal mode as four digits.
    [[nodiscard]] const QString &text() const { return m_text; }

private:
    struct Step
    {
        quint32 who = 0; ///< The bits that the clause is about; 0: all, as nobody was named.
        QChar operation; ///< '+', '-' or '='.
        QString what;    ///< Letters of "rwxXstugo".
    };
    [[nodiscard]] static quint32 carryOut(const Step &step, quint32 mode, quint32 before, bool isFolder);

    QString m_text;
    std::optional<quint32> m_octal{};
    QList<Step> m_steps;
};

} // namespace cooperage::context
