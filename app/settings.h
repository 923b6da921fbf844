#pragma once

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QStringList>

/// Everything the window remembers: each setting's key, type and default are written here and nowhere else.
namespace cooperage::gui::settings {

template <typename T>
struct Setting
{
    QString key;
    T fallback{};

    [[nodiscard]] T get() const
    {
        return QSettings().value(key, QVariant::fromValue(fallback)).template value<T>();
    }
    void set(const T &value) const { QSettings().setValue(key, QVariant::fromValue(value)); }
};

inline const Setting<QByteArray> windowGeometry{QStringLiteral("window/geometry")};
inline const Setting<QByteArray> windowState{QStringLiteral("window/state")}; ///< Docks and tool bars.
inline const Setting<QByteArray> buildSplitter{QStringLiteral("window/buildSplitter")};
inline const Setting<QString> theme{QStringLiteral("window/theme"), QStringLiteral("system")};
inline const Setting<QStringList> openFiles{QStringLiteral("files/open")};
inline const Setting<int> activeFile{QStringLiteral("files/active"), 0}; ///< Of those open; -1: none.
inline const Setting<QStringList> recentFiles{QStringLiteral("files/recent")};
inline const Setting<QString> lastFolder{QStringLiteral("files/lastFolder")};
inline const Setting<QString> imagesShow{QStringLiteral("images/show"), QStringLiteral("tagged")};
inline const Setting<QString> imagesMade{QStringLiteral("images/made"), QStringLiteral("any")};
inline const Setting<QString> imagesSince{QStringLiteral("images/since")}; ///< With "dates".
inline const Setting<QString> imagesUntil{QStringLiteral("images/until")};
inline const Setting<QString> imagesGroup{QStringLiteral("images/group"), QStringLiteral("none")};
inline const Setting<QByteArray> imagesHeader{QStringLiteral("images/header")}; ///< Columns and order.
inline const Setting<QString> imagesFilter{QStringLiteral("images/filter")};
inline const Setting<QString> imagesMatch{QStringLiteral("images/match"), QStringLiteral("anywhere")};
inline const Setting<QStringList> imagesOpenGroups{QStringLiteral("images/openGroups")};
inline const Setting<QStringList> imagesSelected{
    QStringLiteral("images/selected")};                                     ///< Image and tag by turns.
inline const Setting<int> imagesScroll{QStringLiteral("images/scroll"), 0}; ///< First row in sight.
inline const Setting<bool> pruneImages{QStringLiteral("storage/images"), true};
inline const Setting<bool> pruneFiles{QStringLiteral("storage/files"), false};
inline const Setting<int> pruneAge{QStringLiteral("storage/age"), 86'400}; ///< Seconds.
inline const Setting<bool> storageOpen{QStringLiteral("storage/open"), false};
inline const Setting<QByteArray> storageHeader{QStringLiteral("storage/header")};
inline const Setting<QByteArray> tagHistoryHeader{QStringLiteral("tagHistory/header")};
inline const Setting<QByteArray> layersHeader{QStringLiteral("details/layersHeader")};
inline const Setting<QByteArray> filesHeader{QStringLiteral("details/filesHeader")};
inline const Setting<QByteArray> foundHeader{QStringLiteral("details/foundHeader")};
inline const Setting<QByteArray> wasteHeader{QStringLiteral("details/wasteHeader")};
inline const Setting<QByteArray> comparisonHeader{QStringLiteral("details/comparisonHeader")};
inline const Setting<QString> saveFolder{QStringLiteral("details/saveFolder")};
inline const Setting<QString> exportFolder{QStringLiteral("images/exportFolder")};
inline const Setting<QString> historySession{QStringLiteral("history/session")}; ///< Looked at last.
inline const Setting<QString> historyFilter{QStringLiteral("history/filter")};   ///< "", "free" or "build".
inline const Setting<QByteArray> historyHeader{
    QStringLiteral("history/header")}; ///< Columns and their widths.
inline const Setting<QByteArray> historySplitter{QStringLiteral("history/splitter")};
inline const Setting<int> historyZoom{QStringLiteral("history/zoom"),
                                      0}; ///< Points more or less than the font.
inline const Setting<QByteArray> operationsHeader{QStringLiteral("operations/header")};
inline const Setting<QByteArray> operationsSplitter{QStringLiteral("operations/splitter")};
inline const Setting<int> consoleZoom{QStringLiteral("console/zoom"), 0}; ///< Points more than the font.
inline const Setting<bool> untaggedImages{QStringLiteral("images/untagged"), false};

} // namespace cooperage::gui::settings
