#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <tuple>

#include "test/metrics/metrics_fixture.hpp"
#include "test/metrics/repository_sample.hpp"
#include "test/metrics/sample_text.hpp"
#include "test/testdata.hpp"

namespace lookout::metrics {
namespace {

// Lines that differ from machine to machine go, with their heads.
std::string without_process_families(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool process = line.starts_with("process_") || line.starts_with("# HELP process_") ||
                         line.starts_with("# TYPE process_");
    if (!process) out += line + "\n";
  }
  return out;
}

// The two families that hold texts of others.
std::string only_labels(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool head = line.starts_with("# HELP helm_release_info ") || line == "# EOF" ||
                      line.starts_with("# TYPE helm_release_info ") ||
                      line.starts_with("# HELP helm_release_labels ") ||
                      line.starts_with("# TYPE helm_release_labels ");
    const bool sample =
        line.starts_with("helm_release_info{") || line.starts_with("helm_release_labels{");
    if (head || sample) out += line + "\n";
  }
  return out;
}

// LOOKOUT_UPDATE_GOLDEN=1 writes the files anew; test/metrics/check_golden.py then shows
// whether Prometheus' own parsers take them.
void compare(const std::string& name, const std::string& text) {
  const std::string path = lookout::testdata_path("metrics/" + name);
  if (std::getenv("LOOKOUT_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
  }
  CHECK(text == test::read_testdata(name));
}

}  // namespace

TEST_CASE("golden: the text of releases in both formats") {
  compare("releases.txt", test::sample_release_text(TextFormat::kText004));
  compare("releases.openmetrics", test::sample_release_text(TextFormat::kOpenMetrics100));
}

// The byte itself; each that is no UTF-8 alone is U+FFFD in the text.
TEST_CASE("golden: every byte in a label, in both formats") {
  compare("bytes.txt", only_labels(test::sample_byte_text(TextFormat::kText004)));
  compare("bytes.openmetrics", only_labels(test::sample_byte_text(TextFormat::kOpenMetrics100)));
}

TEST_CASE("golden: the text of repositories and the join in both formats") {
  compare("repositories.txt", test::sample_repository_text(TextFormat::kText004));
  compare("repositories.openmetrics", test::sample_repository_text(TextFormat::kOpenMetrics100));
}

TEST_CASE("golden: the controller's own metrics in both formats") {
  compare("self.txt", without_process_families(test::sample_self_text(TextFormat::kText004)));
  compare(
      "self.openmetrics",
      without_process_families(test::sample_self_text(TextFormat::kOpenMetrics100)) + "# EOF\n");
}

}  // namespace lookout::metrics
