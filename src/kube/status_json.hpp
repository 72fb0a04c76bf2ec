// JSON of metav1.Status and metav1.ListMeta.
#pragma once

#include <optional>
#include <string_view>

#include "lookout/kube/metadata_decoder.hpp"
#include "lookout/kube/status.hpp"

namespace lookout::kube {

// nullopt: not JSON, or not of kind Status.
std::optional<Status> read_status_json(std::string_view text);
// The Status in {"type": "ERROR", "object": {...}}.
std::optional<Status> read_error_event_json(std::string_view text);
// {"resourceVersion": ..., "continue": ...}
std::optional<ListEnd> read_list_meta_json(std::string_view text);

}  // namespace lookout::kube
