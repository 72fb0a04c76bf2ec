// Names of users' labels by kube-state-metrics' rules (internal/store/utils.go): "label_", a
// "_" between a small letter or digit and a capital, lower case, "_" for everything else;
// names that become equal get "_conflict1", "_conflict2" ... in the order of their keys.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace lookout::metrics {

// One name for each label. REQUIRES: sorted by key.
std::vector<std::string> user_label_names(
    const std::vector<std::pair<std::string, std::string>>& labels);

}  // namespace lookout::metrics
