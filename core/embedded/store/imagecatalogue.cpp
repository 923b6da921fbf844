#include "core/embedded/store/imagecatalogue.h"

#include "core/embedded/store/database.h"
#include "core/embedded/store/timecolumn.h"

#include <QHash>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

// rtrim() with all other characters cuts a text behind its last colon. A colon with a slash behind it belongs
// to a port.
static const QString s_untilColon = u"rtrim(t.name, replace(t.name, ':', ''))"_s;
static const QString s_repository =
    u"CASE WHEN instr(t.name,':')=0 OR instr(substr(t.name, length(%1)+1),'/')>0 THEN t.name"
    " ELSE substr(%1, 1, length(%1)-1) END"_s.arg(s_untilColon);
// The first component names a host if it has a dot or a colon.
static const QString s_first = u"substr(t.name, 1, instr(t.name,'/')-1)"_s;
static const QString s_registry =
    u"CASE WHEN instr(%1,'.')>0 OR instr(%1,':')>0 THEN %1 ELSE '' END"_s.arg(s_first);

namespace {

struct Clause
{
    QString sql = u"1"_s;
    QVariantList values{};

    void add(bool wanted, const QString &condition, const QVariantList &given = {})
    {
        if (!wanted)
            return;
        sql += u" AND "_s + condition;
        values << given;
    }
};

} // namespace

static QString likeText(const QString &text)
{
    QString escaped = text;
    for (const QString &special : {u"\\"_s, u"%"_s, u"_"_s})
        escaped.replace(special, u"\\"_s + special);
    return escaped;
}

static Clause conditions(const CatalogueQuery &query)
{
    using Show = CatalogueQuery::Show;
    Clause where;
    where.add(query.uuid.isEmpty(), u"i.seq NOT IN (SELECT seq FROM unlisted_images)"_s);
    where.add(query.show == Show::Tagged, u"t.name IS NOT NULL"_s);
    where.add(query.show == Show::Untagged, u"t.name IS NULL"_s);
    where.add(query.show == Show::Own, u"coalesce(t.is_public, i.is_public)=0"_s);
    where.add(query.show == Show::Public, u"coalesce(t.is_public, i.is_public)=1"_s);
    const QString text = likeText(query.text);
    where.add(!text.isEmpty(), u"(t.name LIKE ? ESCAPE '\\' OR i.uuid LIKE ? ESCAPE '\\')"_s,
              {u'%' + text + u'%', text + u'%'});
    where.add(!query.tagPrefix.isEmpty(), u"substr(t.name,1,length(?))=?"_s,
              {query.tagPrefix, query.tagPrefix});
    where.add(query.repository.has_value(), s_repository + u"=?"_s, {query.repository.value_or(QString())});
    where.add(query.registry.has_value(), s_registry + u"=?"_s, {query.registry.value_or(QString())});
    where.add(!query.uuid.isEmpty(), u"i.uuid=?"_s, {query.uuid.toLower()});
    where.add(query.since.has_value(), u"i.created_at>=?"_s,
              {toTimeColumn(query.since.value_or(QDateTime()))});
    where.add(query.until.has_value(), u"i.created_at<=?"_s,
              {toTimeColumn(query.until.value_or(QDateTime()))});
    return where;
}

static const QString s_rows = u" FROM images i LEFT JOIN tags t ON t.image=i.seq "_s;

static QString orderOf(const CatalogueQuery &query)
{
    const QString direction = query.descending ? u"DESC"_s : u"ASC"_s;
    switch (query.order) {
    case CatalogueQuery::Order::Tag: // Untagged images stay behind the others whichever way.
        return u"t.name IS NULL, t.name %1, i.seq DESC, t.seq"_s.arg(direction);
    case CatalogueQuery::Order::Size:
        return u"i.size %1, i.seq DESC, t.seq DESC"_s.arg(direction);
    case CatalogueQuery::Order::Created:
        break;
    }
    return u"i.created_at %1, i.seq %1, t.seq DESC"_s.arg(direction);
}

Result<qint64> ImageCatalogue::count(const CatalogueQuery &query)
{
    const Clause where = conditions(query);
    Result<QSqlQuery> found =
        m_database.query(u"SELECT count(*)"_s + s_rows + u"WHERE "_s + where.sql, where.values);
    if (!found)
        return std::unexpected(found.error());
    return found->next() ? found->value(0).toLongLong() : 0;
}

Result<QList<CatalogueRow>> ImageCatalogue::page(const CatalogueQuery &query)
{
    Clause where = conditions(query);
    where.values << query.limit << query.offset;
    Result<QSqlQuery> found = m_database.query(
        u"SELECT i.uuid, coalesce(t.name,''), coalesce(t.is_public, i.is_public), i.created_at, i.operation, "
        u"i.seq,"
        " EXISTS (SELECT 1 FROM tags o WHERE o.name=t.name AND o.is_public<>t.is_public),"
        " (SELECT count(*) FROM tags c WHERE c.image=i.seq), coalesce(op.kind,''), coalesce(op.metadata,'')"_s +
            s_rows +
            u"LEFT JOIN operations op ON op.uuid=i.operation WHERE %1 ORDER BY %2 LIMIT ? OFFSET ?"_s.arg(
                where.sql, orderOf(query)),
        where.values);
    if (!found)
        return std::unexpected(found.error());
    QList<CatalogueRow> rows;
    QList<qint64> images;
    while (found->next()) {
        CatalogueRow row{.uuid = found->value(0).toString(), .tag = found->value(1).toString()};
        row.isPublic = found->value(2).toBool();
        row.createdAt = fromTimeColumn(found->value(3));
        row.operation = found->value(4).toString();
        images << found->value(5).toLongLong();
        const bool twice = found->value(6).toBool();
        row.hidesPublic = twice && !row.isPublic;
        row.isHidden = twice && row.isPublic;
        row.tagCount = found->value(7).toInt();
        row.originKind = found->value(8).toString();
        row.originJson = found->value(9).toString().toUtf8();
        rows << row;
    }
    if (const Result<> sized = addSizes(&rows, images); !sized)
        return std::unexpected(sized.error());
    return rows;
}

Result<> ImageCatalogue::addSizes(QList<CatalogueRow> *rows, const QList<qint64> &images)
{
    if (images.isEmpty())
        return {};
    QVariantList values;
    QStringList marks;
    for (const qint64 image : images) {
        values << image;
        marks << u"?"_s;
    }
    Result<QSqlQuery> found = m_database.query(
        u"SELECT il.image, sum(l.allocated), sum(CASE WHEN EXISTS (SELECT 1 FROM image_layers x WHERE "
        u"x.layer=il.layer"
        " AND x.image<>il.image AND x.image NOT IN (SELECT seq FROM unlisted_images)) THEN 0 ELSE "
        "l.allocated END)"
        " FROM image_layers il JOIN layers l ON l.id=il.layer WHERE il.image IN (%1) GROUP BY il.image"_s.arg(
            marks.join(u',')),
        values);
    if (!found)
        return std::unexpected(found.error());
    QHash<qint64, std::pair<qint64, qint64>> sizes;
    while (found->next())
        sizes[found->value(0).toLongLong()] = {found->value(1).toLongLong(), found->value(2).toLongLong()};
    for (qsizetype i = 0; i < rows->size(); ++i)
        std::tie((*rows)[i].size, (*rows)[i].unique) = sizes.value(images[i]);
    return {};
}

Result<QList<CatalogueGroup>> ImageCatalogue::groups(GroupBy by, const CatalogueQuery &query)
{
    Clause where = conditions(query);
    where.add(by != GroupBy::Image, u"t.name IS NOT NULL"_s);
    where.values << query.limit << query.offset;
    const QString name = by == GroupBy::Repository ? s_repository
                         : by == GroupBy::Registry ? s_registry
                                                   : u"i.uuid"_s;
    Result<QSqlQuery> found =
        m_database.query(u"SELECT %1 AS name, count(*)"_s.arg(name) + s_rows +
                             u"WHERE %1 GROUP BY 1 ORDER BY %2 LIMIT ? OFFSET ?"_s.arg(
                                 where.sql, by == GroupBy::Image ? u"max(i.seq) DESC"_s : u"1"_s),
                         where.values);
    if (!found)
        return std::unexpected(found.error());
    QList<CatalogueGroup> groups;
    while (found->next())
        groups << CatalogueGroup{found->value(0).toString(), found->value(1).toLongLong()};
    return groups;
}

} // namespace cooperage::embedded
