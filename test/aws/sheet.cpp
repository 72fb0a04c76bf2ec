#include "test/aws/sheet.hpp"

#include <catch2/catch.hpp>

#include <span>

#include "lookout/base/text.hpp"
#include "lookout/encoding/gzip.hpp"
#include "lookout/http/url.hpp"
#include "lookout/system/files.hpp"

namespace lookout::aws {
namespace {

constexpr std::size_t kSheetBytesMax = 16U << 20;

std::string read_text(const std::string& path) {
  auto content = system::read_file(path, kSheetBytesMax);
  REQUIRE(content.ok());
  if (!path.ends_with(".gz")) return *content;
  std::string text(kSheetBytesMax, '\0');
  const auto step = encoding::Gunzip().step(*content, std::span(text.data(), text.size()));
  REQUIRE(step.ok());
  REQUIRE(step->member_ended);
  text.resize(step->produced);
  return text;
}

}  // namespace

std::vector<SheetCase> read_sheet(const std::string& path) {
  std::vector<SheetCase> cases;
  std::string* part = nullptr;
  bool is_first = true;
  const std::string text = read_text(path);
  for (const std::string_view line :
       split(std::string_view(text).substr(0, text.size() - 1), '\n')) {
    if (line.starts_with("=== ")) {
      cases.push_back({std::string(line.substr(4)), {}});
    } else if (line.starts_with("--- ")) {
      part = &cases.back().parts[std::string(line.substr(4))];
      is_first = true;
    } else if (part != nullptr) {
      part->append(is_first ? "" : "\n").append(line);
      is_first = false;
    }
  }
  REQUIRE_FALSE(cases.empty());
  return cases;
}

std::vector<std::vector<std::string>> read_table(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  const std::string text = read_text(path);
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    rows.emplace_back();
    for (const std::string_view field : split(line, '\t')) {
      rows.back().push_back(http::percent_decode(field).value());
    }
  }
  REQUIRE_FALSE(rows.empty());
  return rows;
}

}  // namespace lookout::aws
