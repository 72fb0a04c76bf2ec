// docs/metrics.md lists exactly the families that the code writes.
#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "lookout/base/text.hpp"

#include "test/metrics/repository_sample.hpp"
#include "test/metrics/sample_text.hpp"
#include "test/testdata.hpp"

namespace lookout::metrics {
namespace {

struct Family {
  std::string type;
  std::set<std::string> labels;

  bool operator==(const Family&) const = default;
};
using Families = std::map<std::string, Family>;

std::ostream& operator<<(std::ostream& out, const Family& family) {
  out << family.type;
  for (const std::string& label : family.labels) out << ' ' << label;
  return out;
}

// Names of the labels in `{...}`; values hold no `",` followed by a name here but escaped.
std::set<std::string> label_names(std::string_view sample) {
  std::set<std::string> names;
  bool quoted = false;
  std::size_t begin = sample.find('{');
  if (begin == std::string_view::npos || begin > sample.find(' ')) return names;
  ++begin;
  for (std::size_t i = begin; i < sample.size(); ++i) {
    if (quoted && sample[i] == '\\') {
      ++i;
    } else if (sample[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && sample[i] == '=') {
      names.insert(std::string(sample.substr(begin, i - begin)));
    } else if (!quoted && sample[i] == ',') {
      begin = i + 1;
    } else if (!quoted && sample[i] == '}') {
      break;
    }
  }
  return names;
}

void read_text(const std::string& text, Families& families) {
  std::istringstream lines(text);
  Family* current = nullptr;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) {
      const auto words = split(line, ' ');
      current = &families[std::string(words[2])];
      current->type = words[3];
    } else if (!line.starts_with('#') && current != nullptr) {
      for (std::string name : label_names(line)) {
        if (name.starts_with("label_")) name = "label_*";
        if (name != "le") current->labels.insert(name);
      }
    }
  }
}

// Rows "| `name` | type | label, label | meaning |".
Families read_docs() {
  Families families;
  std::ifstream file(lookout::testdata_path("../../docs/metrics.md"));
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `")) continue;
    const auto cells = split(line, '|');
    if (cells.size() != 6) continue;
    const std::string_view name = trim(cells[1]);
    Family& family = families[std::string(name.substr(1, name.size() - 2))];
    family.type = trim(cells[2]);
    for (const std::string_view label : split(cells[3], ',')) {
      if (!trim(label).empty()) family.labels.insert(std::string(trim(label)));
    }
  }
  return families;
}

}  // namespace

TEST_CASE("docs: docs/metrics.md names every family with its type and labels, and no other") {
  Families written;
  read_text(test::sample_release_text(TextFormat::kText004), written);
  read_text(test::sample_repository_text(TextFormat::kText004), written);
  read_text(test::sample_self_text(TextFormat::kText004), written);
  const Families documented = read_docs();
  for (const auto& [name, family] : written) {
    CAPTURE(name);
    const auto found = documented.find(name);
    CHECK(found != documented.end());
    if (found != documented.end()) CHECK(found->second == family);
  }
  for (const auto& [name, family] : documented) {
    CAPTURE(name);
    CHECK(written.contains(name));
  }
}

}  // namespace lookout::metrics
