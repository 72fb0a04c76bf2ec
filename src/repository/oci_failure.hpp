// Why a step of reading a registry ended the scan, next to what it gives else.
#pragma once

#include <optional>
#include <variant>

#include "lookout/repository/scan.hpp"

namespace lookout::repository {

struct Failed {
  ScanOutcome outcome;  // ScanError or Cancelled
};

template <class T>
using Fetched = std::variant<T, Failed>;

}  // namespace lookout::repository
