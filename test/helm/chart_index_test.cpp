#include "lookout/helm/chart_index.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <variant>

#include "test/helm/index_sheet.hpp"

namespace lookout::helm {
namespace {

const std::string kHead = "apiVersion: v1\nentries:\n";

ChartIndex accepted(std::string_view text, const IndexLimits& limits = {}) {
  const IndexOutcome outcome = read_index(text, limits);
  if (const auto* failure = std::get_if<IndexFailure>(&outcome)) FAIL(failure->error.message);
  return std::get<ChartIndex>(outcome);
}

IndexFailure refused(std::string_view text, const IndexLimits& limits = {}) {
  const IndexOutcome outcome = read_index(text, limits);
  REQUIRE(std::holds_alternative<IndexFailure>(outcome));
  return std::get<IndexFailure>(outcome);
}

std::optional<IndexDefect> defect_of(const IndexOutcome& outcome) {
  const auto* failure = std::get_if<IndexFailure>(&outcome);
  return failure == nullptr ? std::nullopt : failure->defect;
}

std::string texts_of(const IndexedChart& chart) {
  std::string texts;
  for (const ChartVersion& version : chart.versions) texts += version.text + " ";
  return texts;
}

TEST_CASE("chart index: facts of a version") {
  const ChartIndex index =
      accepted(kHead +
               "  b: []\n"
               "  web:\n"
               "  - name: web\n    version: v1.2\n    appVersion: '1.10'\n    deprecated: true\n"
               "    created: \"2024-03-01T10:11:12.123456789+01:00\"\n"
               "  a:\n  - {name: a, version: 0.1.0-rc.1+b}\n");
  REQUIRE(index.charts.size() == 2);
  CHECK(index.charts[0].name == "a");
  CHECK(index.charts[0].versions.at(0).version == Version{0, 1, 0, "rc.1", "b"});
  CHECK(index.charts[1] == IndexedChart{"web",
                                        {{"v1.2", {1, 2, 0, "", ""}, "1.10", 1709284272, true}},
                                        {1, {1709284272}}});
  CHECK(show_skipped(index).empty());
}

TEST_CASE("chart index: the highest version tells of its chart") {
  const std::string long_text = std::string(ChartAbout::kDescriptionBytesMax - 1, 'x');
  const std::string long_icon(ChartAbout::kIconBytesMax + 1, 'i');
  const ChartIndex index =
      accepted(kHead +
               "  a:\n"
               "  - {name: a, version: 1.0.0, description: low}\n"
               "  - {name: a, version: 2.0.0, description: high, icon: \"https://x/a.svg\"}\n"
               "  - {name: a, version: 3.0.0, description: bad, type: x}\n"
               "  - {name: a, version: 2.0.0-rc.1, description: rc}\n"
               "  b:\n  - {name: b, version: 1.0.0, description: " +
               long_text + "\xc3\xa9, icon: " + long_icon + "}\n");
  CHECK(index.charts.at(0).about == ChartAbout{"high", "https://x/a.svg"});
  CHECK(index.charts.at(1).about == ChartAbout{long_text, ""});
}

TEST_CASE("chart index: versions are sorted, highest first, each text once") {
  const IndexedChart chart = accepted(kHead +
                                      "  c:\n"
                                      "  - {name: c, version: 1.0.0-rc.1}\n"
                                      "  - {name: c, version: 1.9.0, appVersion: first}\n"
                                      "  - {name: c, version: 1.10.0}\n"
                                      "  - {name: c, version: 0.0.0-0}\n"
                                      "  - {name: c, version: 1.0.0}\n"
                                      "  - {name: c, version: v1.0.0}\n"
                                      "  - {name: c, version: 1.9.0, appVersion: last}\n")
                                 .charts.at(0);
  CHECK(texts_of(chart) == "1.10.0 1.9.0 1.0.0 v1.0.0 1.0.0-rc.1 ");
  CHECK(chart.versions[1].app_version == "last");
  CHECK(chart.listed.versions == 7);
}

TEST_CASE("chart index: versions without an index are shown alike") {
  std::vector<ChartVersion> versions;
  for (const char* text : {"1.0.0", "2.0.0-a", "2.0.0", "1.0.0"}) {
    versions.push_back({text, *parse_version(text), "", std::nullopt, false});
  }
  const IndexedChart chart = make_indexed_chart("c", std::move(versions));
  CHECK(chart.name == "c");
  CHECK(texts_of(chart) == "2.0.0 2.0.0-a 1.0.0 ");
  CHECK(chart.listed == ListedEntries{});
}

TEST_CASE("chart index: a bad entry is skipped with its reason, and only it") {
  const auto [entry, reason] = GENERATE(table<std::string, std::string>({
      {"", "null"},
      {"~", "null"},
      {"{}", "no_name"},
      {"{version: 2.0.0}", "no_name"},
      {"{name: a/b, version: 2.0.0}", "no_name"},
      {"{name: c}", "no_version"},
      {"{name: c, version: ''}", "no_version"},
      {"{name: c, version: master}", "bad_version"},
      {"{name: c, version: 1.0.0-0233}", "bad_version"},
      {"{name: c, version: 1.10}", "bad_type"},
      {"{name: 5, version: 2.0.0}", "bad_type"},
      {"{name: c, version: [2.0.0]}", "bad_type"},
      {"{name: c, version: 2.0.0, type: app}", "bad_type"},
      {"{name: c, version: 2.0.0, keywords: a}", "bad_type"},
      {"{name: c, version: 2.0.0, deprecated: 'true'}", "bad_type"},
      {"{name: c, version: 2.0.0, maintainers: [~]}", "bad_type"},
      {"{name: c, version: 2.0.0, dependencies: [{name: d, alias: a b}]}", "bad_type"},
      {"{name: c, version: 2.0.0, [x]: y}", "bad_type"},
      {"[c, 2.0.0]", "bad_type"},
      {"c-2.0.0", "bad_type"},
      {"{name: c, name: c, version: 2.0.0}", "duplicate_key"},
      {"{name: c, version: 2.0.0, annotations: {a: b, a: c}}", "duplicate_key"},
      {"{name: c, version: 2.0.0, created: 2021-11-08}", "bad_date"},
      {"{name: c, version: 2.0.0, created: ''}", "bad_date"},
      {"{name: c, version: 2.0.0, created: 2021-11-08 11:57:55.95288396Z}", "bad_date"},
      {"{name: c, version: 2.0.0, created: 1600000000}", "bad_date"},
      {"{name: c, version: 2.0.0, created: 2021-11-08 11:57:55 +0000 UTC}", "bad_date"},
  }));
  CAPTURE(entry);
  const ChartIndex index = accepted(kHead + "  c:\n  - " + entry +
                                    "\n  - name: c\n    version: 1.0.0\n    created: "
                                    "2019-11-21T14:25:34.5430000+00:00\n");
  CHECK(texts_of(index.charts.at(0)) == "1.0.0 ");
  CHECK(show_skipped(index) == reason + " 1");
  CHECK(index.charts[0].listed == ListedEntries{2, {1574346334}});
}

TEST_CASE("chart index: bad entries in JSON are skipped too, the last of equal keys wins") {
  const ChartIndex index = accepted(
      R"({"apiVersion":"v1","entries":{"c":[null,{"name":"c","version":1.1},)"
      R"({"name":"c","version":"1.0.0","created":"yesterday"},[],)"
      R"({"name":"c","version":"1","VERSION":"2.0.0","created":"0001-01-01T00:00:00Z"}]}})");
  CHECK(texts_of(index.charts.at(0)) == "2.0.0 ");
  CHECK(index.charts[0].listed == ListedEntries{5, {}});
  CHECK(show_skipped(index) == "null 1, bad_type 2, bad_date 1");
}

TEST_CASE("chart index: a chart that comes again, or has no list, sinks no other") {
  const ChartIndex index = accepted(kHead +
                                    "  c: [{name: c, version: 1.0.0}]\n"
                                    "  d: text\n"
                                    "  e: {name: e}\n"
                                    "  ~: [{name: n, version: 1.0.0}]\n"
                                    "  c: [{name: c, version: 2.0.0}]\n");
  REQUIRE(index.charts.size() == 1);
  CHECK(texts_of(index.charts[0]) == "1.0.0 ");
  CHECK(index.charts[0].listed.versions == 2);
  CHECK(show_skipped(index) == "bad_type 3, duplicate_key 1");
}

TEST_CASE("chart index: entries count whether Helm shows them or not") {
  const ChartIndex index =
      accepted(kHead +
               "  c:\n  - {name: c, version: canary, created: 2021-11-08T11:57:55Z}\n"
               "  - {version: 1.0.0, created: 2020-11-08T11:57:55+01:00}\n"
               "  - {name: c, version: 1.0.0, created: 0001-01-01T00:00:00Z}\n");
  CHECK(index.charts.at(0).listed == ListedEntries{3, {1604833075, 1636372675}});
  CHECK(texts_of(index.charts[0]) == "1.0.0 ");
}

TEST_CASE("chart index: what is no index says so") {
  const auto [text, defect] = GENERATE(table<std::string, IndexDefect>({
      {"", IndexDefect::kEmpty},
      {" \r\n\t\n", IndexDefect::kEmpty},
      {"\xef\xbb\xbf", IndexDefect::kEmpty},
      {"# nothing\n# at all\n", IndexDefect::kEmpty},
      {"<!DOCTYPE html>\n<html><body>Sign in</body></html>", IndexDefect::kNotAnIndex},
      {"\n  <?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>",
       IndexDefect::kNotAnIndex},
      {"Not found", IndexDefect::kNotAnIndex},
      {"404 page not found\n", IndexDefect::kNotAnIndex},
      {"{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}", IndexDefect::kNotAnIndex},
      {"entries:\n  c: []\n", IndexDefect::kNotAnIndex},
      {"apiVersion: v1\nentries: []\n", IndexDefect::kNotAnIndex},
      {"apiVersion: v1\nentries: none\n", IndexDefect::kNotAnIndex},
      {"{\"apiVersion\":\"v1\",\"entries\":1}", IndexDefect::kNotAnIndex},
      {"[]", IndexDefect::kNotAnIndex},
      {"--- ~\n", IndexDefect::kNotAnIndex},
      {"apiVersion: v1\nentries: {", IndexDefect::kMalformed},
      {"apiVersion: v1\nentries:\n  c:\n - x\n", IndexDefect::kMalformed},
      {"{\"apiVersion\":\"v1\",\"entries\":{\"c\":[{\"name\":", IndexDefect::kMalformed},
      {"apiVersion: v1\nentries:\n  c:\n  - <<: text\n", IndexDefect::kMalformed},
      {"apiVersion: v1\nentries: *none\n", IndexDefect::kMalformed},
      {std::string("\x1f\x8b\x08\x00", 4), IndexDefect::kMalformed},
  }));
  CAPTURE(text);
  const IndexFailure failure = refused(text);
  CHECK(failure.defect == defect);
  CHECK(failure.error.code == ErrorCode::kMalformed);
  CHECK_FALSE(failure.error.message.empty());
}

TEST_CASE("chart index: the pieces that the source gives make no difference") {
  const std::string yaml =
      kHead + "  c:\r\n  - {name: c, version: 1.0.0, description: \"\\u00e9\xc3\xa9\"}\r\n";
  const std::string json =
      " {\"apiVersion\":\"v1\",\"entries\":{\"c\":[{\"name\":\"c\",\"version\":\"1.0.0\"}]}} ";
  const auto text = GENERATE_COPY(
      as<std::string>(), yaml, json, json + "x", "{apiVersion: v1, entries: {}}",
      "\t\t<<<<<<<< \xfe", "  <<: {apiVersion: v1}", "\xef\xbb\xbf <a", "   <", yaml + "...\n\xff");
  const IndexOutcome whole = read_index(text);
  for (std::size_t piece_bytes = 1; piece_bytes < 12; ++piece_bytes) {
    const IndexOutcome pieces = read_chart_index(text_source(text, piece_bytes));
    CHECK(show(pieces) == show(whole));
    CHECK(defect_of(pieces) == defect_of(whole));
  }
}

TEST_CASE("chart index: a failing source ends it with the source's own error") {
  const std::string text = GENERATE(std::string(kHead), std::string("{\"apiVersion\":\"v1\","),
                                    std::string("  "), kHead + "...\n");
  const Error error{ErrorCode::kUnavailable, "cut"};
  std::string_view rest = text;
  const IndexOutcome outcome = read_chart_index([&](std::span<char> out) -> Result<std::size_t> {
    if (rest.empty()) return error;
    const std::size_t size = rest.copy(out.data(), out.size());
    rest.remove_prefix(size);
    return size;
  });
  const auto& failure = std::get<IndexFailure>(outcome);
  CHECK_FALSE(failure.defect.has_value());
  CHECK(failure.error == error);
}

}  // namespace
}  // namespace lookout::helm
