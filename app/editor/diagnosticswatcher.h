#pragma once

#include "core/dockerfile/tree.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace cooperage::gui {

class Document;

/// Checks the text of a Dockerfile shortly after it was last edited, on another thread. What was not edited
/// is not read again.
class DiagnosticsWatcher : public QObject
{
    Q_OBJECT

public:
    explicit DiagnosticsWatcher(Document *document, QObject *parent = nullptr);

    void schedule();

Q_SIGNALS:
    /// What the parser and the checks say of the present text; never of an older one.
    void diagnosticsChanged(const QList<cooperage::dockerfile::Diagnostic> &diagnostics);

private:
    struct Work;

    void check();

    Document *m_document;
    std::shared_ptr<Work> m_work; ///< Outlives this object until the last check has ended.
    QTimer m_timer;
    quint64 m_generation = 0; ///< An answer of an earlier generation is dropped.
};

} // namespace cooperage::gui
