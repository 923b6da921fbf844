#include "app/images/accessnotes.h"

#include "core/credentials/imageaccess.h"
#include "core/credentials/secret.h"

#include <qcorotask.h>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using credentials::ImageAccess;

static AccessNote noteOf(ImageAccess access)
{
    switch (access) {
    case ImageAccess::Everybody:
        return {AccessNotes::tr("not needed"),
                AccessNotes::tr("The registry gives this image to everybody.")};
    case ImageAccess::SignedIn:
        return {AccessNotes::tr("needed"),
                AccessNotes::tr("The registry wants an account for this image, and none is kept for it."),
                true};
    case ImageAccess::Missing:
        return {AccessNotes::tr("not found"),
                AccessNotes::tr("The registry shows no such image to somebody who is not signed in.")};
    case ImageAccess::Unknown:
        break;
    }
    return {AccessNotes::tr("unknown"),
            AccessNotes::tr("The registry did not say whether it wants an account.")};
}

static QCoro::Task<AccessNote> findNote(credentials::CredentialFinder finder, QString reference,
                                        std::stop_token stop)
{
    auto account = co_await finder(reference, stop);
    if (!account)
        co_return AccessNote{AccessNotes::tr("not readable"), account.error().text(), true};
    if (*account) {
        credentials::wipe((*account)->password);
        const QString name =
            (*account)->username == "<token>"_L1 ? AccessNotes::tr("a token") : (*account)->username;
        co_return AccessNote{name, (*account)->source};
    }
    const auto image = images::Reference::parse(reference);
    if (!image)
        co_return noteOf(ImageAccess::Unknown);
    co_return noteOf(co_await credentials::accessWithoutAccount(*image, stop));
}

AccessNotes::AccessNotes(credentials::CredentialFinder finder, QObject *parent)
    : QObject(parent), m_finder(std::move(finder))
{
}

AccessNotes::~AccessNotes()
{
    m_stop.request_stop();
}

std::optional<AccessNote> AccessNotes::note(const QString &reference) const
{
    return m_notes.value(reference);
}

void AccessNotes::ask(const QString &reference)
{
    if (m_notes.contains(reference))
        return;
    m_notes.insert(reference, std::nullopt);
    QCoro::connect(findNote(m_finder, reference, m_stop.get_token()), this,
                   [this, reference](const AccessNote &note) {
                       m_notes.insert(reference, note);
                       Q_EMIT found();
                   });
}

} // namespace cooperage::gui
