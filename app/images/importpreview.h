#pragma once

#include "core/images/referencelist.h"

#include <QTimer>
#include <QTreeWidget>

namespace cooperage::gui {

class AccessNotes;
class ImageCatalog;

/// What an import will do, row by row: the image, the tag it gets and from which image it takes it, and the
/// account that it needs.
class ImportPreview : public QTreeWidget
{
    Q_OBJECT

public:
    enum Column { ReferenceColumn, TagColumn, SignInColumn, NoteColumn, ColumnCount };

    explicit ImportPreview(ImageCatalog *catalog, QWidget *parent = nullptr);

    void showFile(const QString &path, const QString &tag);
    /// `clashing`: tags that more than one of them gets.
    void showReferences(const QList<images::ListedReference> &listed, const QStringList &clashing);

    /// Those of the shown images' registries that want an account which is not there, as far as is known.
    [[nodiscard]] QStringList closedRegistries() const;

Q_SIGNALS:
    void accessKnown(); ///< closedRegistries() may have changed.

private:
    void addRow(const QString &reference, const QString &tag, const QString &note);
    void ask();
    void askForHolders();
    void showAccess();

    ImageCatalog *m_catalog;
    AccessNotes *m_access;
    QStringList m_importable; ///< References of the rows that can be imported.
    QTimer m_pause;           ///< The engine and the registries are asked when typing pauses.
};

} // namespace cooperage::gui
