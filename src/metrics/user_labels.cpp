#include "src/metrics/user_labels.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string_view>

namespace lookout::metrics {
namespace {

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string label_name(std::string_view key) {
  std::string name = "label_";
  char previous = '_';
  for (const char c : key) {
    if (is_upper(c)) {
      if (is_lower_or_digit(previous)) name += '_';
      name += static_cast<char>(c - 'A' + 'a');
    } else {
      name += is_lower_or_digit(c) ? c : '_';
    }
    previous = c;
  }
  return name;
}

}  // namespace

std::vector<std::string> user_label_names(
    const std::vector<std::pair<std::string, std::string>>& labels) {
  std::map<std::string, std::size_t> uses;
  for (const auto& [key, value] : labels) ++uses[label_name(key)];
  std::set<std::string> taken;
  for (const auto& [name, count] : uses) {
    if (count == 1) taken.insert(name);
  }
  std::map<std::string, std::size_t> numbered;
  std::vector<std::string> names;
  for (const auto& [key, value] : labels) {
    std::string name = label_name(key);
    if (uses[name] > 1) {
      // A label may be called like the name that a conflict is about to get; one label name
      // twice in a sample would cost the whole scrape.
      const std::string stem = name + "_conflict";
      std::size_t& number = numbered[name];
      do name = stem + std::to_string(++number);
      while (!taken.insert(name).second);
    }
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace lookout::metrics
