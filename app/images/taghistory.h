#pragma once

#include "core/base/error.h"
#include "core/sessions/tagjournal.h"

#include <QAbstractTableModel>

namespace cooperage::gui {

class ImageCatalog;

/// Where a tag pointed and when, the newest first, out of the journal. Reads it again after every change of
/// tags.
class TagHistory : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { SinceColumn, ImageColumn, CommandColumn, ColumnCount };

    explicit TagHistory(ImageCatalog *catalog, QObject *parent = nullptr);

    void showTag(const QString &tag);
    [[nodiscard]] const QString &tag() const { return m_tag; }
    /// Names of tags that have a history, those changed last first.
    [[nodiscard]] const QStringList &tags() const { return m_tags; }
    /// The image of a row; empty: the tag was not there.
    [[nodiscard]] QString image(int row) const { return m_rows.value(row).image; }
    /// Points the tag to where it pointed in that row; can be undone as any change of a tag.
    void moveBack(int row);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void loaded();
    void failed(const cooperage::Error &error);

private:
    struct Row
    {
        QString image{};
        QDateTime since{}; ///< Invalid: before the journal began.
        QDateTime until{}; ///< Invalid: it is so now.
        QString command{};
    };
    struct Read
    {
        QStringList tags{};
        QList<sessions::TagChange> changes{};
    };

    void read();
    void take(const Read &found);
    [[nodiscard]] QString text(const Row &row, int column) const;

    ImageCatalog *m_catalog;
    QString m_tag;
    QStringList m_tags{};
    QList<Row> m_rows{};
    int m_attempt = 0;
};

} // namespace cooperage::gui
