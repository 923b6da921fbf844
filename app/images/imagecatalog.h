#pragma once

#include "core/sessions/tagging.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <stop_token>

namespace cooperage::gui {

class EngineSession;
class ImageBrowserModel;

/// Between the views of images and the engine: answers what models ask, and carries out changes of tags and
/// images.
class ImageCatalog : public QObject
{
    Q_OBJECT

public:
    explicit ImageCatalog(EngineSession *session, QObject *parent = nullptr);
    ~ImageCatalog() override;

    [[nodiscard]] EngineSession *session() const { return m_session; }
    /// Answers the model's questions from now on and has it ask again after changes.
    void serve(ImageBrowserModel *model);

    /// Has all models ask again.
    void refresh();

    /// The own image that a tag points to now; an empty uuid if there is none.
    using Holder = std::function<void(const QString &uuid)>;
    void findHolder(const QString &tag, QObject *context, Holder then);
    /// The public one as well.
    void findHolders(const QString &tag, QObject *context,
                     std::function<void(const sessions::TagHolders &holders)> then);

    /// The newest tags, for completion; `then` is always called.
    void listTags(QObject *context, std::function<void(const QStringList &tags)> then);

    /// Gives the image the tag, from whichever image has it now.
    void setTag(const QString &image, const QString &tag);
    void removeTags(const QList<engine::ImageRecord> &images);
    /// Carries changes out one by one, up to the first that fails; those done are told by tagsChanged().
    void change(QList<sessions::TagChange> changes, const QString &command);

    /// Restores what was before.
    void undo(const QList<sessions::TagChange> &changes);

    /// Images go in some seconds, so that it can be undone; until then their rows are still there.
    void removeLater(const QStringList &uuids);
    void keepAfterAll();
    [[nodiscard]] const QStringList &leaving() const { return m_leaving; }

Q_SIGNALS:
    void refreshed();
    /// Carried out; undo() takes them.
    void tagsChanged(const QList<cooperage::sessions::TagChange> &changes);
    void removing(const QStringList &uuids); ///< removeLater() was called; empty: undone.
    void removed(const QStringList &uuids);
    void failed(const cooperage::Error &error);

private:
    void answer(ImageBrowserModel *model, int ticket, const Result<engine::ImagePage> &page);
    void fail(const Error &error);
    void removeNow();

    EngineSession *m_session;
    std::stop_source m_stop;
    QTimer m_poll; ///< Other programs change images too.
    QTimer m_removal;
    QStringList m_leaving;
    engine::Engine *m_leavingFrom = nullptr; ///< The window may turn to another one meanwhile.
};

} // namespace cooperage::gui
