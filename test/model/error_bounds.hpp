// helm_release_errors depends on what was seen of the past: a payload that was current and broken
// only for a moment may have been read, or not. So it has bounds, which meet when nothing of the
// sort happened.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "test/model/expectation.hpp"

namespace lookout::model {

class ErrorBounds {
 public:
  // After each operation. `changes`: what it did; `objects`: what is there now.
  void add(const std::vector<fakes::Change>& changes, const std::vector<ObjectPtr>& objects,
           const PayloadBook& book, const Scope& scope);
  // The server went back: whatever is there again may count again.
  void rewind(const std::vector<ObjectPtr>& objects, const PayloadBook& book, const Scope& scope);

  // What is wrong with these values (by namespace); empty when they are possible.
  std::vector<std::string> check(const Samples& errors, const Expectation& expected) const;
  // These were right: counters do not go back from here.
  void settle(const Samples& errors, std::uint64_t resource_version);

 private:
  std::map<std::string, double> most_;     // by namespace
  std::map<std::string, double> settled_;  // as last looked at, by namespace
  std::uint64_t settled_version_ = 0;      // the server's resourceVersion then
  std::set<std::string> emptied_;          // since then, so that it may have begun anew
};

}  // namespace lookout::model
