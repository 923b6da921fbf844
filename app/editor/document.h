#pragma once

#include "app/editor/textfile.h"

#include <QObject>

class QTextDocument;

namespace cooperage::gui {

/// Whether a file of that name holds a Dockerfile: Dockerfile, Dockerfile.dev, web.dockerfile,
/// Containerfile...
[[nodiscard]] bool isDockerfileName(const QString &fileName);

/// A file in the editor: its path, its title, and the way from and to the disk (on another thread).
class Document : public QObject
{
    Q_OBJECT

public:
    /// `text` holds what is edited and outlives this object.
    explicit Document(QTextDocument *text, QObject *parent = nullptr);

    [[nodiscard]] QString path() const { return m_path; } ///< Empty for a file that was never saved.
    [[nodiscard]] QString fileName() const;
    [[nodiscard]] QString folder() const;
    [[nodiscard]] QString title() const; ///< "Dockerfile — api": the file, then its folder.
    [[nodiscard]] bool isModified() const;
    [[nodiscard]] bool isDockerfile() const; ///< A file without a name is one too.
    [[nodiscard]] QString text() const;

    void load(const QString &path);
    void reload() { load(m_path); }
    void save() { saveAs(m_path); }
    void saveAs(const QString &path);
    /// Saves over what another program wrote in the meantime.
    void overwrite();
    /// Looks whether another program changed the file, and says so by `changedOutside`.
    void checkOutside();

Q_SIGNALS:
    void titleChanged();
    void modifiedChanged(bool modified);
    void loaded();
    void saved();
    void loadFailed(const cooperage::Error &error);
    void saveFailed(const cooperage::Error &error);
    /// The file on disk is not the one that was loaded or saved last.
    void changedOutside();

private:
    void write(const QString &path);

    QTextDocument *m_document;
    QString m_path;
    TextFile m_file; ///< How the file is on disk; its text is not kept.
};

} // namespace cooperage::gui
