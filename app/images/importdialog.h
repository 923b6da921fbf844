#pragma once

#include "core/engine/values.h"
#include "core/images/referencelist.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace cooperage::gui {

class ImageCatalog;
class ImportPreview;

/// Asks which images to bring in, from registries or from files, and shows beforehand which tag each of them
/// gets, from which image it takes it, and which account it needs.
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
    void makePlatform(QWidget *parent);
    void chooseFile();
    void check();
    void showFile(const QString &file, const QString &tag);
    void showReferences(const QString &tag);
    void takeAccount(bool possible);
    void showHint();
    void accept() override;
    /// Of a file on this computer; empty for references.
    [[nodiscard]] QString path() const;
    [[nodiscard]] engine::ImportRequest request(const images::ListedReference &listed) const;

    ImageCatalog *m_catalog;
    QPlainTextEdit *m_source;
    QLineEdit *m_tag;
    ImportPreview *m_preview;
    QLabel *m_hint;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QComboBox *m_platform;
    QSpinBox *m_timeout;
    QCheckBox *m_plainHttp;
    QPushButton *m_import;
    QList<images::ListedReference> m_listed;
    QString m_problem;             ///< Of what was given, for the hint.
    bool m_choosesPlatform = true; ///< The engine can take the image of another machine.
};

} // namespace cooperage::gui
