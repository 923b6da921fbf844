#include "app/details/imagesearch.h"

#include "app/icons.h"
#include "core/engine/engine.h"

#include <QLocale>
#include <QSet>

#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

// A longer line is cut: nobody reads it in a list.
static constexpr qsizetype mostText = 500;

QString literalExpression(const QString &text)
{
    // Those that every engine's expressions let be escaped.
    static const QString special = u"\\.+*?()|[]{}^$#&-~"_s;
    QString expression;
    for (const QChar letter : text) {
        if (special.contains(letter))
            expression += u'\\';
        expression += letter;
    }
    return expression;
}

ImageSearch::ImageSearch(engine::Engine *engine, QString image, QObject *parent)
    : QAbstractTableModel(parent), m_engine(engine), m_image(std::move(image))
{
}

ImageSearch::~ImageSearch()
{
    m_stop.request_stop();
}

void ImageSearch::start(const Request &request)
{
    if (m_running || request.pattern.isEmpty())
        return;
    m_stop = {};
    m_running = true;
    m_where = request.where;
    beginResetModel();
    m_rows.clear();
    m_summary = tr("Searching…");
    endResetModel();
    Q_EMIT changed();
    if (request.where == Where::Names)
        searchNames(request);
    else
        searchContents(request);
}

void ImageSearch::stop()
{
    m_stop.request_stop();
}

void ImageSearch::searchNames(const Request &request)
{
    const engine::FindRequest find{.image = m_image,
                                   .path = request.folder,
                                   .pattern = request.pattern,
                                   .caseSensitive = request.caseSensitive,
                                   .limit = mostFound};
    QCoro::connect(m_engine->find(find, m_stop.get_token()), this,
                   [this](const Result<engine::FindOutcome> &outcome) {
                       if (!outcome) {
                           fail(outcome.error());
                           return;
                       }
                       QList<FoundRow> rows;
                       for (const engine::FoundFile &file : outcome->files)
                           rows.append({.path = file.path, .size = file.size, .mode = file.mode});
                       end(rows, tr("%1 found").arg(QLocale().toString(rows.size())), outcome->truncated);
                   });
}

void ImageSearch::searchContents(const Request &request)
{
    using Case = engine::GrepRequest::Case;
    engine::GrepRequest grep;
    grep.image = m_image;
    grep.patterns = {request.isExpression ? request.pattern : literalExpression(request.pattern)};
    if (request.folder != "/"_L1)
        grep.paths = {request.folder};
    grep.caseMode = request.caseSensitive ? Case::Sensitive : Case::Insensitive;
    grep.maxTotal = mostFound;
    QCoro::connect(
        m_engine->grep(grep, m_stop.get_token()), this, [this](const Result<engine::GrepOutcome> &outcome) {
            if (!outcome) {
                fail(outcome.error());
                return;
            }
            QList<FoundRow> rows;
            QSet<QString> files;
            for (const engine::GrepLine &line : outcome->lines) {
                rows.append(
                    {.path = u'/' + line.path, .line = int(line.number), .text = line.text.left(mostText)});
                files.insert(line.path);
            }
            end(rows, tr("%1 lines in %2 files").arg(rows.size()).arg(files.size()), outcome->truncated);
        });
}

void ImageSearch::end(const QList<FoundRow> &rows, const QString &summary, bool truncated)
{
    m_running = false;
    beginResetModel();
    m_rows = rows;
    m_summary = rows.isEmpty() ? tr("Nothing found.") : summary;
    if (truncated)
        m_summary += u' ' + tr("There is more; search below a folder, or for something longer.");
    endResetModel();
    Q_EMIT changed();
}

void ImageSearch::fail(const Error &error)
{
    end({}, {}, false);
    m_summary = error.kind == ErrorKind::Cancelled ? tr("The search was stopped.") : tr("The search failed.");
    Q_EMIT changed();
    if (error.kind != ErrorKind::Cancelled)
        Q_EMIT failed(error);
}

int ImageSearch::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ImageSearch::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant ImageSearch::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const FoundRow &row = m_rows[index.row()];
    const bool named = row.line == 0;
    switch (role) {
    case PathRole:
        return row.path;
    case LineNumberRole:
        return row.line;
    case FolderRole:
        return S_ISDIR(row.mode);
    case Qt::ToolTipRole:
        return named ? row.path : u"%1:%2\n%3"_s.arg(row.path).arg(row.line).arg(row.text);
    case Qt::DecorationRole:
        return index.column() == PathColumn ? icon(S_ISDIR(row.mode) ? u"folder"_s : u"new"_s) : QVariant();
    case Qt::TextAlignmentRole:
        return index.column() == LineColumn ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    if (index.column() == PathColumn)
        return row.path;
    if (index.column() == TextColumn)
        return row.text.simplified();
    if (!named)
        return row.line;
    return S_ISREG(row.mode) ? QLocale().formattedDataSize(row.size) : QString();
}

QVariant ImageSearch::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Path"), m_where == Where::Names ? tr("Size") : tr("Line"), tr("Text")};
    return names[section];
}

} // namespace cooperage::gui
