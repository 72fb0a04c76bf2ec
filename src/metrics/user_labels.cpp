#include "src/metrics/user_labels.hpp"

#include <cstddef>
#include <map>
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
  std::map<std::string, std::size_t> numbered;
  std::vector<std::string> names;
  for (const auto& [key, value] : labels) {
    std::string name = label_name(key);
    if (uses[name] > 1) {
      const std::size_t number = ++numbered[name];
      name += "_conflict" + std::to_string(number);
    }
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace lookout::metrics
