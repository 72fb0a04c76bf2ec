#include "src/repository/oci_tag.hpp"

#include <algorithm>

#include "lookout/base/text.hpp"

#include "src/repository/walk_json.hpp"

namespace lookout::repository {
namespace {

bool is_tag(std::string_view tag) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !tag.empty() && tag.size() <= kTagBytesMax && is_word(tag.front()) &&
         std::all_of(tag.begin(), tag.end(),
                     [&](char c) { return is_word(c) || c == '.' || c == '-'; });
}

bool is_strict_number(std::string_view text) {
  return !text.empty() && (text == "0" || text.front() != '0') &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Exactly three numbers without leading zeros; Helm's usual parser is content with less.
bool has_strict_core(std::string_view text) {
  const std::vector<std::string_view> core = split(text.substr(0, text.find_first_of("-+")), '.');
  return core.size() == 3 && std::all_of(core.begin(), core.end(), is_strict_number);
}

}  // namespace

std::optional<ChartTag> parse_chart_tag(std::string_view tag) {
  if (!is_tag(tag)) return std::nullopt;
  ChartTag chart;
  chart.tag = tag;
  chart.text = tag;
  std::replace(chart.text.begin(), chart.text.end(), '_', '+');
  if (!has_strict_core(chart.text)) return std::nullopt;
  std::optional<helm::Version> version = helm::parse_version(chart.text);
  if (!version) return std::nullopt;
  chart.version = std::move(*version);
  return chart;
}

Result<void> append_tags_page(std::string_view json, std::size_t tags_max,
                              std::vector<std::string>& tags) {
  bool has_tags = false;
  bool too_many = false;
  const Result<void> walked = walk_json(json, [&](JsonPath path, const JsonValue& value) {
    has_tags = has_tags || path_is(path, {"tags"});
    if (!path_is(path, {"tags", ""})) return;
    too_many = too_many || tags.size() == tags_max;
    if (!too_many) tags.emplace_back(text_of(value).substr(0, kTagBytesMax + 1));
  });
  if (!walked.ok()) return walked;
  if (!has_tags) return Error{ErrorCode::kInvalid, "no list of tags"};
  if (too_many) {
    return Error{ErrorCode::kTooLarge, "more than " + std::to_string(tags_max) + " tags"};
  }
  return {};
}

}  // namespace lookout::repository
