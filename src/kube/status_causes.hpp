// The three forms in which API servers say that a resourceVersion is ahead of theirs.
// Source: client-go tools/cache/reflector.go, isTooLargeResourceVersionError.
#pragma once

#include <string_view>

#include "lookout/kube/status.hpp"

namespace lookout::kube {

class StatusCauses {
 public:
  void add(std::string_view reason, std::string_view message);
  // Needs reason and message of the Status.
  bool resource_version_too_large(const Status& status) const;

 private:
  bool by_reason_ = false;   // since 1.18.6
  bool by_message_ = false;  // 1.17.0 to 1.18.5
};

}  // namespace lookout::kube
