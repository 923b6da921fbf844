#pragma once

#include "core/base/error.h"

#include <QAbstractTableModel>
#include <QObject>

#include <stop_token>

namespace cooperage::engine {
class Engine;
}

namespace cooperage::gui {

/// One thing that a search found.
struct FoundRow
{
    QString path; ///< Absolute.
    int line = 0; ///< From 1; 0: the name was searched.
    QString text{};
    qint64 size = -1;
    quint32 mode = 0;
};

/// Searches the files of an image by name or by content, and lists what it found.
class ImageSearch : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum class Where { Names, Contents };
    struct Request
    {
        Where where = Where::Names;
        QString pattern{};
        QString folder = QStringLiteral("/");
        bool caseSensitive = false;
        bool isExpression = false; ///< Contents: a regular expression, else the text itself.
    };
    enum Column { PathColumn, LineColumn, TextColumn, ColumnCount };
    enum Role { PathRole = Qt::UserRole, LineNumberRole, FolderRole };

    /// `engine` must outlive the search.
    ImageSearch(engine::Engine *engine, QString image, QObject *parent = nullptr);
    ~ImageSearch() override;

    void start(const Request &request);
    void stop();
    [[nodiscard]] Where where() const { return m_where; } ///< Of what is listed.
    [[nodiscard]] bool isRunning() const { return m_running; }
    /// How the last search went, in a sentence; empty before the first one.
    [[nodiscard]] const QString &summary() const { return m_summary; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    static constexpr int mostFound = 5000;

Q_SIGNALS:
    void changed(); ///< Began or ended.
    void failed(const cooperage::Error &error);

private:
    void searchNames(const Request &request);
    void searchContents(const Request &request);
    void end(const QList<FoundRow> &rows, const QString &summary, bool truncated);
    void fail(const Error &error);

    engine::Engine *m_engine;
    QString m_image;
    QList<FoundRow> m_rows{};
    Where m_where = Where::Names;
    QString m_summary{};
    bool m_running = false;
    std::stop_source m_stop;
};

/// `text` as a regular expression that matches just it.
[[nodiscard]] QString literalExpression(const QString &text);

} // namespace cooperage::gui
