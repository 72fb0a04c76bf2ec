#include "src/kube/object_parts.hpp"

#include "lookout/base/text.hpp"

namespace lookout::kube {

Result<void> check_kind(const TypeMeta& actual, const TypeMeta& expected) {
  if (actual == expected) return {};
  return Error{ErrorCode::kMalformed, "expected kind " + std::string(expected.kind) + ", got " +
                                          quote_bounded(actual.kind) + " of " +
                                          quote_bounded(actual.api_version)};
}

void ObjectParts::clear() {
  meta.ns.clear();
  meta.name.clear();
  meta.uid.clear();
  meta.resource_version.clear();
  meta.created_seconds = 0;
  has_metadata = false;
  initial_events_end = false;
  release.reset();
}

bool LabelWriter::add(std::string_view key, std::string_view value) {
  if (count_ == kLabelsMax) return false;
  if (count_ == meta_.labels.size()) meta_.labels.emplace_back();
  meta_.labels[count_].first.assign(key);
  meta_.labels[count_].second.assign(value);
  ++count_;
  return true;
}

}  // namespace lookout::kube
