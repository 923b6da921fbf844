#include "app/transfers/transfermodel.h"

#include "app/icons.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

TransferModel::TransferModel(TransferQueue *queue, QObject *parent)
    : QAbstractTableModel(parent), m_queue(queue)
{
    connect(queue, &TransferQueue::aboutToAdd, this, [this](int row) { beginInsertRows({}, row, row); });
    connect(queue, &TransferQueue::added, this, [this] { endInsertRows(); });
    connect(queue, &TransferQueue::aboutToRemove, this, [this](int row) { beginRemoveRows({}, row, row); });
    connect(queue, &TransferQueue::removed, this, [this] { endRemoveRows(); });
    connect(queue, &TransferQueue::changed, this,
            [this](int row) { Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1)); });
}

QString stateText(const Transfer &transfer)
{
    using Kind = Transfer::Kind;
    switch (transfer.state) {
    case Transfer::State::Waiting:
        return TransferModel::tr("waiting");
    case Transfer::State::Running:
        return transfer.kind == Kind::Import   ? TransferModel::tr("importing")
               : transfer.kind == Kind::Export ? TransferModel::tr("exporting")
                                               : TransferModel::tr("pushing");
    case Transfer::State::Done:
        return transfer.kind == Kind::Import   ? TransferModel::tr("imported")
               : transfer.kind == Kind::Export ? TransferModel::tr("exported")
                                               : TransferModel::tr("pushed");
    case Transfer::State::Failed:
        return TransferModel::tr("failed");
    case Transfer::State::Cancelled:
        break;
    }
    return TransferModel::tr("cancelled");
}

QString progressText(const Transfer &transfer)
{
    if (transfer.state == Transfer::State::Failed)
        return transfer.error.text();
    if (transfer.state == Transfer::State::Done)
        return transfer.result;
    if (transfer.state != Transfer::State::Running)
        return {};
    const QLocale locale;
    QString text = transfer.total > 0 ? TransferModel::tr("%1 of %2")
                                            .arg(locale.formattedDataSize(transfer.done),
                                                 locale.formattedDataSize(transfer.total))
                                      : locale.formattedDataSize(transfer.done);
    if (transfer.bytesPerSecond > 0)
        text = TransferModel::tr("%1, %2/s")
                   .arg(text, locale.formattedDataSize(qint64(transfer.bytesPerSecond)));
    return text;
}

static QIcon stateIcon(Transfer::State state)
{
    switch (state) {
    case Transfer::State::Waiting:
        return icon(u"waiting"_s);
    case Transfer::State::Running:
        return icon(u"running"_s, Tone::Active);
    case Transfer::State::Done:
        return icon(u"done"_s, Tone::Good);
    case Transfer::State::Failed:
        return icon(u"failed"_s, Tone::Bad);
    case Transfer::State::Cancelled:
        break;
    }
    return icon(u"cancelled"_s);
}

int TransferModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_queue->count();
}

int TransferModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant TransferModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Transfer &transfer = m_queue->at(index.row());
    if (role == IdRole)
        return transfer.id;
    if (role == Qt::DecorationRole && index.column() == StateColumn)
        return stateIcon(transfer.state);
    if (role == Qt::ToolTipRole)
        return index.column() == ProgressColumn ? progressText(transfer)
               : index.column() == WhereColumn  ? tr("%1\nEngine: %2").arg(transfer.where, transfer.engine)
                                                : transfer.what;
    if (role == Qt::AccessibleTextRole && index.column() == StateColumn)
        return tr("%1, %2, %3").arg(transfer.what, stateText(transfer), progressText(transfer));
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case StateColumn:
        return stateText(transfer);
    case WhatColumn:
        return transfer.what;
    case ProgressColumn: // Of an error the heart; the tool tip has all.
        return transfer.state == Transfer::State::Failed ? transfer.error.what.section(u'\n', 0, 0)
                                                         : progressText(transfer).section(u'\n', 0, 0);
    default:
        return transfer.where;
    }
}

QVariant TransferModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("State"), tr("Image"), tr("Progress"), tr("To")};
    return names[section];
}

} // namespace cooperage::gui
