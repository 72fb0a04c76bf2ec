// Protobuf of metav1.Status.
#pragma once

#include <optional>
#include <string_view>

#include "lookout/kube/status.hpp"

namespace lookout::kube {

// Status{1 ListMeta{3 continue}, 3 message, 4 reason, 5 details{4 causes{1 reason, 2 message},
// 5 retryAfterSeconds}, 6 code}, without the envelope; nullopt when damaged.
std::optional<Status> read_status_protobuf(std::string_view message);

}  // namespace lookout::kube
