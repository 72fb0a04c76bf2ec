// Labels of users become label names of Prometheus, each once.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lookout/base/check.hpp"

#include "src/metrics/user_labels.hpp"
#include "test/fuzz/input_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  lookout::InputReader input(bytes, size);
  std::vector<std::pair<std::string, std::string>> labels;
  std::set<std::string> keys;
  while (!input.empty()) {
    std::string key = input.text();
    if (keys.insert(key).second) labels.emplace_back(std::move(key), "");
  }
  std::sort(labels.begin(), labels.end());
  const auto names = lookout::metrics::user_label_names(labels);
  LOOKOUT_CHECK(names.size() == labels.size());
  std::set<std::string> seen;
  for (const std::string& name : names) {
    LOOKOUT_CHECK(name.starts_with("label_") && seen.insert(name).second);
    LOOKOUT_CHECK(std::all_of(name.begin(), name.end(), [](char c) {
      return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }));
  }
  return 0;
}
