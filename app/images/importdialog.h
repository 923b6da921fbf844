#pragma once

#include "core/engine/values.h"
#include "core/images/referencelist.h"

#include <QDialog>
#include <QTimer>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QTreeWidget;

namespace cooperage::gui {

class ImageCatalog;

/// Asks which images to bring in, from registries or from files, and shows beforehand which tag each of them
/// gets and from which image it takes it.
class ImportDialog : public QDialog
{
    Q_OBJECT

public:
    explicit ImportDialog(ImageCatalog *catalog, QWidget *parent = nullptr);

    /// References, or the path of an archive or of an OCI layout's folder.
    void setText(const QString &text);

Q_SIGNALS:
    void chosen(const QList<cooperage::engine::ImportRequest> &requests);

private:
    QWidget *makeFields();
    QWidget *makeSource();
    void chooseFile();
    void check();
    void showRow(const images::ListedReference &listed, bool clashes);
    void askForHolders();
    void accept() override;
    /// Of a file on this computer; empty for references.
    [[nodiscard]] QString path() const;
    [[nodiscard]] engine::ImportRequest request(const images::ListedReference &listed) const;

    ImageCatalog *m_catalog;
    QPlainTextEdit *m_source;
    QLineEdit *m_tag;
    QTreeWidget *m_preview;
    QLabel *m_hint;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QSpinBox *m_timeout;
    QCheckBox *m_plainHttp;
    QPushButton *m_import;
    QList<images::ListedReference> m_listed;
    QTimer m_pause; ///< The engine is asked when typing pauses.
};

} // namespace cooperage::gui
