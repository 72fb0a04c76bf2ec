#include "lookout/metrics/exposition.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <thread>

#include "test/metrics/metrics_fixture.hpp"

namespace lookout::metrics {

using test::count_of;
using test::ExpositionFixture;

namespace {

std::string release_name(unsigned number) {
  std::string digits = std::to_string(number);
  return "r" + std::string(4 - digits.size(), '0') + digits;
}

void install_many(ExpositionFixture& f, unsigned releases) {
  for (unsigned i = 0; i < releases; ++i) {
    f.install({.release = release_name(i), .uid_number = i, .rv = 10});
  }
}

}  // namespace

TEST_CASE("HSM-14: exposition: before the first publication there is nothing about releases") {
  ExpositionFixture f({}, {}, [](TextFormat) { return "own 1\n"; });
  CHECK(f.text() == "own 1\n");
  f.upsert({});
  CHECK(f.text() == "own 1\n");
  CHECK(f.text(TextFormat::kOpenMetrics100) == "own 1\n# EOF\n");
  f.clock.time += std::chrono::seconds(2);
  CHECK(count_of(f.text(), "helm_release_errors{namespace=\"default\"} 0\n") == 1);
  CHECK(count_of(f.text(), "chart=\"MISSING\"") == 1);
}

TEST_CASE("exposition: both formats have the same sample lines, gzip or not") {
  ExpositionFixture f({}, {}, [](TextFormat) { return "own 1\n"; });
  install_many(f, 700);
  const std::string text = f.text();
  const std::string open = f.text(TextFormat::kOpenMetrics100);
  CHECK(f.unzipped() == text);
  CHECK(f.unzipped(TextFormat::kOpenMetrics100) == open);
  const auto samples = [](const std::string& body) {
    std::string out;
    std::istringstream lines(body);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with('#')) out += line + "\n";
    }
    return out;
  };
  CHECK(samples(text) == samples(open));
  CHECK(open.ends_with("own 1\n# EOF\n"));
  CHECK(count_of(text, "# EOF") == 0);
  CHECK(count_of(open, "# TYPE helm_release_errors unknown\n") == 1);
  CHECK(count_of(text, "# TYPE helm_release_errors counter\n") == 1);
  CHECK(count_of(text, "helm_release_info{") == 700);
}

TEST_CASE("exposition: an unchanged scrape shares every piece with the one before") {
  ExpositionFixture f;
  install_many(f, 600);
  for (const auto coding : {ContentCoding::kIdentity, ContentCoding::kGzip}) {
    const auto first = f.exposition.scrape(TextFormat::kText004, coding);
    const auto second = f.exposition.scrape(TextFormat::kText004, coding);
    REQUIRE(first.pieces().size() == second.pieces().size());
    // A gzip body's trailer is made anew.
    const std::size_t shared = first.pieces().size() - (coding == ContentCoding::kGzip ? 1 : 0);
    for (std::size_t i = 0; i < shared; ++i) CHECK(first.pieces()[i] == second.pieces()[i]);
  }
  CHECK(f.exposition.stats().dirty_chunks.value() == 0);
}

TEST_CASE("exposition: one change renders one release's group, and only what differs") {
  ExpositionFixture f;
  install_many(f, 2'000);
  f.text();
  const auto before = f.exposition.scrape(TextFormat::kText004, ContentCoding::kIdentity);
  f.install({.release = release_name(77), .uid_number = 77, .rv = 11}, "2.0.0");
  const auto after = f.exposition.scrape(TextFormat::kText004, ContentCoding::kIdentity);
  CHECK(f.exposition.stats().dirty_chunks.value() == 1);
  std::set<const std::string*> old;
  for (const auto& piece : before.pieces()) old.insert(piece.get());
  CHECK(std::count_if(after.pieces().begin(), after.pieces().end(),
                      [&](const auto& piece) { return !old.contains(piece.get()); }) == 1);
  CHECK(count_of(f.text(), "chart_version=\"2.0.0\"") == 1);
}

TEST_CASE("exposition: a scrape taken before a change still reads as it was") {
  ExpositionFixture f;
  install_many(f, 300);
  const auto body = f.exposition.scrape(TextFormat::kText004, ContentCoding::kIdentity);
  const std::string text = test::text_of(body);
  for (unsigned i = 0; i < 300; i += 2) {
    f.erase({.release = release_name(i), .uid_number = i, .rv = 20});
  }
  CHECK(count_of(f.text(), "helm_release_info{") == 150);
  CHECK(test::text_of(body) == text);
}

TEST_CASE("HSM-2, HSM-9: exposition: no series outlives its release or namespace") {
  ExpositionFixture f;
  f.install({.uid_number = 1, .ns = "a"});
  f.install({.uid_number = 2, .ns = "b"});
  CHECK(count_of(f.text(), "namespace=\"a\"") > 0);
  f.erase({.uid_number = 1, .ns = "a"});
  CHECK(count_of(f.text(), "namespace=\"a\"") == 0);
  f.erase({.uid_number = 2, .ns = "b"});
  CHECK(f.text().empty());
}

TEST_CASE("exposition: releases beyond the limit of series are left out whole, by order") {
  // 11 series each: info, revision, five of status, updated, deployed, revisions, first, storage.
  constexpr std::size_t kSeriesOfOne = 12;
  constexpr std::size_t kReleases = 600;
  const std::size_t fitting = GENERATE(as<std::size_t>{}, 0, 1, 256, 300, 599, 600);
  ExpositionFixture f({.series_max = fitting * kSeriesOfOne + kSeriesOfOne - 1});
  install_many(f, kReleases);
  const std::string text = f.text();
  for (const auto* family : {"helm_release_info{", "helm_release_storage_bytes{"}) {
    CHECK(count_of(text, family) == fitting);
  }
  if (fitting > 0)
    CHECK(count_of(text, release_name(unsigned(fitting) - 1) + "\"") == kSeriesOfOne);
  CHECK(f.exposition.stats().dropped_series.value() == (kReleases - fitting) * kSeriesOfOne);
  CHECK(f.exposition.stats().series.value() == double(fitting * kSeriesOfOne));
  CHECK(f.unzipped() == text);
}

TEST_CASE("exposition: the controller's own metrics stand alone as well") {
  ExpositionFixture f({}, {}, [](TextFormat) { return "own 1\n"; });
  f.install({});
  const auto own = [&](TextFormat format, ContentCoding coding) {
    return test::text_of(f.exposition.scrape_self(format, coding));
  };
  CHECK(own(TextFormat::kText004, ContentCoding::kIdentity) == "own 1\n");
  CHECK(own(TextFormat::kOpenMetrics100, ContentCoding::kIdentity) == "own 1\n# EOF\n");
  CHECK(test::gunzip(own(TextFormat::kOpenMetrics100, ContentCoding::kGzip)) == "own 1\n# EOF\n");
  CHECK(f.exposition.stats().scrapes.value() == 0);
}

TEST_CASE("exposition: without anything to say a gzip body is still a gzip body") {
  ExpositionFixture f;
  const auto body = f.exposition.scrape(TextFormat::kText004, ContentCoding::kGzip);
  CHECK(body.size_bytes() > 0);
  CHECK(test::gunzip(test::text_of(body)).empty());
}

TEST_CASE("exposition: concurrent scrapes during changes are each consistent") {
  ExpositionFixture f;
  install_many(f, 100);
  f.text();
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  const auto scraper = [&] {
    while (!done) {
      const std::string text = f.text();
      if (count_of(text, "helm_release_info{") != 100 ||
          count_of(text, "status=\"deployed\"} 1\n") + count_of(text, "\"failed\"} 1\n") != 100) {
        ++wrong;
      }
    }
  };
  std::vector<std::jthread> scrapers;
  for (int i = 0; i < 2; ++i) scrapers.emplace_back(scraper);
  for (unsigned round = 1; round <= 20; ++round) {
    for (unsigned i = 0; i < 100; i += 7) {
      f.install({.release = release_name(i),
                 .status = round % 2 == 0 ? "deployed" : "failed",
                 .uid_number = i,
                 .rv = 10 + round});
    }
  }
  done = true;
  scrapers.clear();
  CHECK(wrong == 0);
}

}  // namespace lookout::metrics
