#pragma once

#include "core/credentials/credentialfinder.h"

#include <QHash>
#include <QObject>

#include <optional>
#include <stop_token>

namespace cooperage::gui {

/// Which account the import of an image will use, or whether it needs one that is not there.
struct AccessNote
{
    QString text;
    QString details{}; ///< For a tool tip.
    bool wantsSignIn = false;
};

/// Asks for each image once: first for a kept account, then the registry whether it wants one.
class AccessNotes : public QObject
{
    Q_OBJECT

public:
    explicit AccessNotes(credentials::CredentialFinder finder, QObject *parent = nullptr);
    ~AccessNotes() override;

    /// Nothing as long as it is not known.
    [[nodiscard]] std::optional<AccessNote> note(const QString &reference) const;
    /// found() follows, unless it is known or asked for already.
    void ask(const QString &reference);

Q_SIGNALS:
    void found();

private:
    credentials::CredentialFinder m_finder;
    QHash<QString, std::optional<AccessNote>> m_notes; ///< By reference; nothing: on its way.
    std::stop_source m_stop;
};

} // namespace cooperage::gui
