// The model: what /metrics must say of releases, worked out from the objects of the server and
// nothing else. Written from the documentation; shares no code with the controller.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "test/model/payload_book.hpp"
#include "test/model/samples.hpp"

namespace lookout::model {

// The settings that change the answer.
struct Scope {
  fakes::Resource resource = fakes::Resource::kSecrets;
  std::vector<std::string> namespaces;  // empty: all
  std::vector<std::string> namespaces_ignore;
  bool payloads = true;
  bool verify = false;  // --decode=verify
  std::vector<std::string> release_labels;
};

// An object whose payload cannot be decoded and counts in helm_release_errors.
struct UndecodableObject {
  std::string ns;
  std::string uid;
  std::uint64_t resource_version = 0;
};

struct Expectation {
  Samples samples;  // helm_release_*, without helm_release_errors, which depends on the past
  std::set<std::string> namespaces;            // with a release
  std::vector<UndecodableObject> undecodable;  // current revisions
  std::size_t objects = 0;                     // of releases
  std::map<std::string, std::size_t> ignored;  // reason -> objects
};

Expectation expect(const std::vector<ObjectPtr>& objects, const PayloadBook& book,
                   const Scope& scope);

// A release object that the settings want.
bool is_selected(const fakes::Object& object, const Scope& scope);
// Why it cannot be decoded, "" when it can.
std::string undecodable_reason(const Payload& payload, const Scope& scope);

}  // namespace lookout::model
