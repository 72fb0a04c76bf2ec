// One release as it is published: what metrics, pages and `releases` read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lookout/helm/release.hpp"
#include "lookout/helm/secret_meta.hpp"

namespace lookout::state {

// Immutable once published; shared by every reader.
struct Release {
  helm::ReleaseKey key;
  helm::Revision revision = 0;                      // current: the highest that exists
  std::optional<helm::Revision> deployed_revision;  // the highest labelled deployed
  std::uint32_t revisions = 0;                      // stored revisions
  helm::Status status = helm::Status::kUnknown;     // payload's, else the label's
  bool payload_read = false;                        // false: facts below are not known (yet)
  std::optional<helm::Undecodable> undecodable;     // set: the payload was read and refused
  // False: the three below are not known and shown as MISSING. With --payload=never true, and
  // they are empty.
  bool has_chart_metadata = false;
  std::string chart;
  std::string chart_version;
  std::string app_version;
  bool chart_deprecated = false;
  std::optional<std::int64_t> updated_seconds;         // info.last_deployed, Unix
  std::optional<std::int64_t> first_deployed_seconds;  // Unix
  std::optional<std::uint64_t> storage_bytes;          // of the current revision's data.release
  // User labels of the current revision's Secret that the allow-list names: original key, value.
  std::vector<std::pair<std::string, std::string>> labels;

  bool operator==(const Release&) const = default;
};

using ReleasePtr = std::shared_ptr<const Release>;

}  // namespace lookout::state
