// Releases made of the input, with hostile charts, namespaces and labels: every line of the text
// is a comment or a sample, no series comes twice, and both formats and gzip say the same.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"
#include "lookout/base/text.hpp"

#include "test/fuzz/input_reader.hpp"
#include "test/metrics/metrics_fixture.hpp"

using namespace lookout;
using namespace lookout::metrics;

namespace {

constexpr std::size_t kObjectsMax = 12;

void add_release(test::ExpositionFixture& fixture, InputReader& input, unsigned number) {
  state::test::Object object;
  object.release = "r" + std::to_string(input.byte() % 4);
  object.ns = input.text();
  object.revision = input.byte() % 3U + 1;
  object.uid_number = number;
  object.rv = number + 10;
  object.status = input.text();
  helm::SecretMeta meta = state::test::meta(object);
  meta.labels.emplace_back("team", input.text());
  meta.labels.emplace_back("Team", input.text());
  fixture.cache.upsert(0, meta, fixture.clock.time);
  helm::ReleaseFacts facts = state::test::chart_facts(input.text());
  facts.chart = input.text();
  facts.app_version = input.text();
  const std::uint8_t outcome = input.byte();
  if (outcome < helm::kUndecodableCount) {
    fixture.cache.put_payload(
        state::test::payload(object, static_cast<helm::Undecodable>(outcome)));
  } else {
    fixture.cache.put_payload(state::test::payload(object, std::move(facts)));
  }
}

bool is_name_character(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string_view take_name(std::string_view& line) {
  std::size_t size = 0;
  while (size < line.size() && is_name_character(line[size])) ++size;
  LOOKOUT_CHECK(size != 0);
  const std::string_view name = line.substr(0, size);
  line.remove_prefix(size);
  return name;
}

void take_value(std::string_view& line) {
  LOOKOUT_CHECK(line.starts_with('"'));
  std::size_t at = 1;
  while (at < line.size() && line[at] != '"') at += line[at] == '\\' ? 2 : 1;
  LOOKOUT_CHECK(at < line.size());
  line.remove_prefix(at + 1);
}

// The series of a sample line: its name and labels.
std::string_view check_sample(std::string_view line) {
  std::string_view rest = line;
  take_name(rest);
  std::set<std::string_view> labels;
  while (rest.starts_with('{') || rest.starts_with(',')) {
    rest.remove_prefix(1);
    LOOKOUT_CHECK(labels.insert(take_name(rest)).second);
    LOOKOUT_CHECK(rest.starts_with('='));
    rest.remove_prefix(1);
    take_value(rest);
  }
  if (!labels.empty()) {
    LOOKOUT_CHECK(rest.starts_with('}'));
    rest.remove_prefix(1);
  }
  LOOKOUT_CHECK(rest.size() > 1 && rest.front() == ' ');
  LOOKOUT_CHECK(rest.find_first_not_of("0123456789.e+-", 1) == std::string_view::npos);
  return line.substr(0, line.size() - rest.size());
}

// The sample lines.
std::string samples(std::string_view text) {
  std::string lines;
  std::set<std::string_view> series;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty() || line.starts_with("# ")) continue;
    LOOKOUT_CHECK(series.insert(check_sample(line)).second);
    lines.append(line).append("\n");
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  InputReader input(bytes, size);
  ExpositionOptions options;
  options.label_bytes_max = 40;
  state::ReleaseCacheOptions cache_options;
  cache_options.label_allow_list = {"Team", "team"};
  test::ExpositionFixture fixture(options, cache_options);
  for (unsigned i = 1; !input.empty() && i < kObjectsMax; ++i) add_release(fixture, input, i);
  fixture.clock.time += std::chrono::seconds(5);
  const std::string text = fixture.text();
  const std::string open = fixture.text(TextFormat::kOpenMetrics100);
  LOOKOUT_CHECK(samples(text) == samples(open));
  LOOKOUT_CHECK(open.ends_with("# EOF\n"));
  LOOKOUT_CHECK(fixture.unzipped() == text);
  return 0;
}
