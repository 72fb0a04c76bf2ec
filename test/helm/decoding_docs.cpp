#include "test/helm/decoding_docs.hpp"

#include <fstream>
#include <stdexcept>
#include <string_view>

#include "lookout/base/text.hpp"

#include "test/testdata.hpp"

namespace lookout::helm {
namespace {

constexpr std::size_t kHeadLines = 1;  // the names of the columns; rules begin otherwise

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  for (const std::string_view cell : split(line, '|')) cells.emplace_back(trim(cell));
  return {cells.begin() + 1, cells.end() - 1};
}

}  // namespace

DocsTable read_decoding_docs(const std::string& heading) {
  std::ifstream file(testdata_path("../../docs/decoding.md"));
  DocsTable table;
  bool inside = false;
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) inside = line == "## " + heading;
    if (!inside || !line.starts_with("| ") || ++lines <= kHeadLines) continue;
    std::vector<std::string> cells = cells_of(line);
    table[cells.at(0)] = {cells.begin() + 1, cells.end()};
  }
  if (table.empty()) throw std::runtime_error("docs/decoding.md has no table under " + heading);
  return table;
}

}  // namespace lookout::helm
