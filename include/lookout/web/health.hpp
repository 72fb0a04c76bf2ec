// What readiness endpoints say, as a value.
#pragma once

#include <string>
#include <vector>

namespace lookout::web {

// One named condition; `detail` says why it fails, in one line, nothing secret.
struct HealthCheck {
  std::string name;
  bool ok = false;
  std::string detail;

  bool operator==(const HealthCheck&) const = default;
};

struct HealthReport {
  bool ready = false;
  std::string reason;  // one line, while not ready
  std::vector<HealthCheck> checks;

  bool operator==(const HealthReport&) const = default;
};

}  // namespace lookout::web
