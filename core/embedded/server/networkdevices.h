#pragma once

#include <QJsonArray>

#include <string>

namespace cooperage::embedded {

/// The `interfaces` of a `network` event from the text of /proc/net/dev: the names and their counters.
[[nodiscard]] QJsonArray networkDevices(const std::string &text);

} // namespace cooperage::embedded
