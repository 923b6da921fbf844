#pragma once

#include "app/buildpane/ansistripper.h"
#include "core/build/buildevent.h"

#include <QObject>

#include <map>

namespace cooperage::gui {

/// What the steps of a build printed, as plain text. Of each step the last 4 MiB are kept.
class StepLogs : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype Limit = 4 * 1024 * 1024;

    using QObject::QObject;

    void clear();
    void apply(const build::BuildEvent &event);

    [[nodiscard]] QString text(int step) const;
    /// The last lines that are not empty.
    [[nodiscard]] QStringList lastLines(int step, int count) const;

Q_SIGNALS:
    void cleared();
    void appended(int step, const QString &text);

private:
    struct Log
    {
        QString text;
        AnsiStripper output, errors;
        bool cut = false;
    };
    void append(int step, const QString &text);

    std::map<int, Log> m_logs;
};

} // namespace cooperage::gui
