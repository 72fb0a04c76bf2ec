// What Helm finds when it looks for a release: the objects with its labels whose payload it can
// decode, revision and status by that payload.
// Source: Helm's pkg/storage/driver/secrets.go (Query), pkg/storage/storage.go (Last, Deployed).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "test/model/payload_book.hpp"

namespace lookout::model {

struct HistoryEntry {
  ObjectPtr object;
  Payload payload;
  std::string label_status;

  std::uint32_t revision() const { return payload.revision; }
};

// Ascending by revision, then by object name.
using HelmHistory = std::vector<HistoryEntry>;

std::string label_of(const fakes::Object& object, const std::string& key);  // "" without it
bool is_pending(const std::string& status);

HelmHistory helm_history(const fakes::ObjectStore& store, const PayloadBook& book,
                         fakes::Resource resource, const std::string& ns,
                         const std::string& release);
// The highest revision labelled deployed; null when there is none.
const HistoryEntry* deployed(const HelmHistory& history);
// "sh.helm.release.v1.<release>.v<revision>"
std::string object_name(const std::string& release, std::uint32_t revision);

}  // namespace lookout::model
