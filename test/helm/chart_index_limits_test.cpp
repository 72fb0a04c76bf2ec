// Indexes made to be too much, and anchors, aliases and merge keys.
#include <catch2/catch.hpp>

#include <string>
#include <variant>

#include "lookout/helm/chart_index.hpp"

#include "test/helm/index_sheet.hpp"

namespace lookout::helm {
namespace {

const std::string kHead = "apiVersion: v1\nentries:\n";
const std::string kEntry = "  - {name: c, version: 1.0.0}\n";

std::optional<IndexDefect> defect_of(std::string_view text, const IndexLimits& limits = {}) {
  const IndexOutcome outcome = read_index(text, limits);
  const auto* failure = std::get_if<IndexFailure>(&outcome);
  return failure == nullptr ? std::nullopt : failure->defect;
}

std::string repeated(std::size_t count, const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

TEST_CASE("NOVA-5: chart index limits: bytes") {
  const std::string text = kHead + "  c:\n" + kEntry;
  const std::string json = "{\"apiVersion\":\"v1\",\"entries\":{}}";
  for (const std::string& one : {text, json, json + repeated(9, " "), text + "...\n# more\n"}) {
    IndexLimits limits;
    limits.bytes_max = one.size();
    CHECK(defect_of(one, limits) == std::nullopt);
    limits.bytes_max = one.size() - 1;
    CHECK(defect_of(one, limits) == IndexDefect::kTooLarge);
  }
}

TEST_CASE("HRE-7, NOVA-5: chart index limits: an endless body ends at the limit") {
  const auto piece = GENERATE(as<std::string>(), "# comment\n", "- item\n", "    ", "x", "[",
                              "{\"a\":", "\"", "a: &a b\n", "{\"a\": \"", "\n", "<");
  IndexLimits limits;
  limits.bytes_max = 1U << 20;
  limits.scalar_bytes_max = 1U << 15;
  std::size_t pulled = 0;
  bool started = false;
  const IndexOutcome outcome = read_chart_index(
      [&](std::span<char> out) -> Result<std::size_t> {
        const std::string head = started ? "" : piece.front() == '{' ? "{" : "b:\n";
        started = true;
        std::size_t size = head.copy(out.data(), out.size());
        for (; size + piece.size() <= out.size(); size += piece.size()) {
          piece.copy(out.data() + size, piece.size());
        }
        pulled += size;
        return size;
      },
      limits);
  CAPTURE(piece);
  CHECK(std::holds_alternative<IndexFailure>(outcome));
  CHECK(pulled < (2U << 20));
}

TEST_CASE("chart index limits: entries, charts and keys") {
  IndexLimits limits;
  limits.entries_max = 40;
  const std::string entries = kHead + "  c:\n" + repeated(40, "  - ~\n");
  CHECK(defect_of(entries, limits) == std::nullopt);
  CHECK(defect_of(entries + kEntry, limits) == IndexDefect::kTooLarge);
  std::string charts = kHead;
  std::string keys = kHead + "  c:\n  - name: c\n    version: 1.0.0\n    annotations:\n";
  for (int i = 0; i < 41; ++i) {
    charts += "  c" + std::to_string(i) + ": []\n";
    keys += "      k" + std::to_string(i) + ": v\n";
  }
  CHECK(defect_of(charts, limits) == IndexDefect::kTooLarge);
  CHECK(defect_of(keys, limits) == IndexDefect::kTooLarge);
  limits.entries_max = 41;
  CHECK(defect_of(charts, limits) == std::nullopt);
  CHECK(defect_of(keys, limits) == std::nullopt);
}

TEST_CASE("chart index limits: depth") {
  const auto [open, close] = GENERATE(table<std::string, std::string>(
      {{"[", "]"}, {"{\"a\":", "}"}, {"{a: ", "}"}, {"[{a: ", "}]"}, {"{? [", "] : b}"}}));
  const auto head = GENERATE(as<std::string>(), "{\"apiVersion\":\"v1\",\"x\":", "x: ");
  CAPTURE(open, head);
  const std::string end = head.front() == '{' ? "}" : "\napiVersion: v1\n";
  const auto nested = [&, open = open, close = close](std::size_t depth) {
    const std::string inner = close == "] : b}" ? "" : "1";
    return head + repeated(depth, open) + inner + repeated(depth, close) + end;
  };
  CHECK(defect_of(nested(20)) == std::nullopt);
  CHECK(defect_of(nested(64)) == IndexDefect::kTooLarge);
  CHECK(std::holds_alternative<IndexFailure>(read_index(nested(100'000))));
}

TEST_CASE("chart index limits: the length of a scalar") {
  IndexLimits limits;
  limits.scalar_bytes_max = 1000;
  const std::string fits(1000, 'a');
  const std::string json_head =
      "{\"apiVersion\":\"v1\",\"entries\":{\"c\":[{\"name\":\"c\",\"version\":\"1.0.0\",\"home\":";
  for (const std::string& head : {kHead + "  c:\n  - name: c\n    home: ", json_head}) {
    const std::string tail = head == json_head ? "}]}}" : "\n";
    CHECK(defect_of(head + quoted(fits) + tail, limits) == std::nullopt);
    CHECK(defect_of(head + quoted(fits + 'a') + tail, limits) == IndexDefect::kTooLarge);
    const std::string huge(200'000, 'a');
    CHECK(defect_of(head + quoted(huge) + tail, limits) == IndexDefect::kTooLarge);
    CHECK(defect_of(head + quoted(huge), limits) == IndexDefect::kTooLarge);
  }
}

TEST_CASE("chart index limits: JSON that breaks off is read as YAML only while it is short") {
  const std::string head = "{\"apiVersion\":\"v1\",\"entries\":{\"c\":[";
  const std::string entry =
      "{\"name\":\"c\",\"version\":\"1.0.0\",\"home\":" + quoted(std::string(10'000, 'x')) + "},";
  const std::string tail = "]},}";  // YAML, not JSON
  CHECK(defect_of(head + repeated(10, entry) + tail) == std::nullopt);
  CHECK(defect_of(head + repeated(1'000, entry) + tail) == IndexDefect::kMalformed);
}

TEST_CASE("chart index aliases: anchors stand for their values") {
  const std::string text = kHead +
                           "  c:\n  - &e\n    name: &n c\n    version: &v 1.0.0\n"
                           "    annotations: &a {x: *v}\n    maintainers: [{name: *n}]\n"
                           "  d:\n  - *e\n"
                           "  e: &l\n  - name: *n\n    version: 2.0.0\n    annotations: *a\n"
                           "  f: *l\n"
                           "  g:\n  - <<: *e\n    appVersion: *v\n"
                           "  h:\n  - <<: [{name: h}, {version: 3.0.0}]\n";
  CHECK(show(read_index(text)) ==
        "c 1.0.0 '' false -\nd 1.0.0 '' false -\ne 2.0.0 '' false -\nf 2.0.0 '' false -\n"
        "g 1.0.0 '1.0.0' false -\nh 3.0.0 '' false -\n");
}

TEST_CASE("chart index aliases: a merged key that the entry has itself is there twice") {
  const IndexOutcome outcome =
      read_index(kHead + "  c:\n" + kEntry + "  - <<: {name: c, version: 2.0.0}\n    name: d\n");
  CHECK(show(outcome) == "c 1.0.0 '' false -\n");
  CHECK(show_skipped(std::get<ChartIndex>(outcome)) == "duplicate_key 1");
}

TEST_CASE("chart index aliases: the latest anchor of a name counts, and none inside itself") {
  CHECK(show(read_index(kHead + "  c:\n  - {name: c, version: &v 1.0.0}\n"
                                "  - {name: c, version: &v 2.0.0, appVersion: *v}\n")) ==
        "c 1.0.0 '' false -\nc 2.0.0 '2.0.0' false -\n");
  CHECK(defect_of("a: &a [*a]\n") == IndexDefect::kMalformed);
  CHECK(defect_of("a: &a 1\nb: &a {c: *a}\n") == IndexDefect::kMalformed);
  CHECK(defect_of("a: *a\nb: &a 1\n") == IndexDefect::kMalformed);
}

TEST_CASE("chart index aliases: uses and the nodes they stand for are limited") {
  IndexLimits limits;
  limits.aliases_max = 10;
  limits.alias_nodes_max = 100;
  const std::string list = "apiVersion: v1\nx: &x [1, 2, 3, 4, 5, 6]\n";  // eight events
  const auto used = [&](std::size_t times) {
    return list + "y: [" + repeated(times, "*x, ") + "]\n";
  };
  CHECK(defect_of(used(10), limits) == std::nullopt);
  CHECK(defect_of(used(11), limits) == IndexDefect::kAliases);
  limits.alias_nodes_max = 79;
  CHECK(defect_of(used(10), limits) == IndexDefect::kAliases);
  CHECK(defect_of(used(9), limits) == std::nullopt);
}

TEST_CASE("chart index aliases: a bomb is refused") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before +
            repeated(8, ", " + before) + "]\n";
  }
  CHECK(defect_of(bomb) == IndexDefect::kAliases);
  std::string merges = "m0: &m0 {k: v}\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "*m" + std::to_string(i - 1);
    merges += "m" + std::to_string(i) + ": &m" + std::to_string(i) + " {<<: [" + before + ", " +
              before + "]}\n";
  }
  CHECK(defect_of(merges) == IndexDefect::kAliases);
}

TEST_CASE("chart index aliases: anchors that are too large to keep fail only when used") {
  const std::string large = "x: &x\n" + repeated(90, "- \"" + std::string(100'000, 'x') + "\"\n");
  CHECK(defect_of("apiVersion: v1\n" + large) == std::nullopt);
  CHECK(defect_of("apiVersion: v1\n" + large + "y: *x\n") == IndexDefect::kAliases);
}

}  // namespace
}  // namespace lookout::helm
