#pragma once

#include "core/dockerfile/tree.h"

#include <QObject>
#include <QTimer>

namespace cooperage::gui {

class Document;

/// Parses the text of a Dockerfile shortly after it was last edited, on another thread.
class DiagnosticsWatcher : public QObject
{
    Q_OBJECT

public:
    explicit DiagnosticsWatcher(Document *document, QObject *parent = nullptr);

    void schedule();

Q_SIGNALS:
    /// What the parser says of the present text; never of an older one.
    void diagnosticsChanged(const QList<cooperage::dockerfile::Diagnostic> &diagnostics);

private:
    void check();

    Document *m_document;
    QTimer m_timer;
    quint64 m_generation = 0; ///< An answer of an earlier generation is dropped.
};

} // namespace cooperage::gui
