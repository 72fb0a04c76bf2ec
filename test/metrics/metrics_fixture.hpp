// Releases, a cache and an exposition for tests of the text.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "lookout/encoding/gzip.hpp"
#include "lookout/metrics/exposition.hpp"

#include "test/state/cache_fixture.hpp"
#include "test/testdata.hpp"

namespace lookout::metrics::test {

// Stands still unless the test moves it.
class StillClock final : public Clock {
 public:
  MonoTime now() const override { return time; }
  WallTime wall_now() const override { return WallTime{}; }
  bool sleep(Duration, std::stop_token) const override { return false; }

  MonoTime time{};
};

inline std::string text_of(const http::BodyChain& body) {
  std::string text;
  for (const auto& piece : body.pieces()) text += *piece;
  return text;
}

// One gzip member, whole; "" when it is not.
inline std::string gunzip(std::string_view body) {
  encoding::Gunzip gunzip;
  std::string text;
  std::string buffer(1 << 16, '\0');
  std::size_t members = 0;
  while (!body.empty() || !gunzip.at_boundary()) {
    const auto step = gunzip.step(body, buffer);
    if (!step || (step->consumed == 0 && step->produced == 0)) return "";
    body.remove_prefix(step->consumed);
    text.append(buffer, 0, step->produced);
    if (step->member_ended) ++members;
  }
  return members == 1 ? text : "";
}

inline std::string read_testdata(const std::string& name) {
  std::ifstream file(lookout::testdata_path("metrics/" + name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct ExpositionFixture {
  explicit ExpositionFixture(ExpositionOptions options = {},
                             state::ReleaseCacheOptions cache_options = {},
                             Exposition::SelfRenderer self = {})
      : cache(std::move(cache_options)), exposition(join, clock, options, std::move(self)) {}

  void upsert(const state::test::Object& object) {
    cache.upsert(0, state::test::meta(object), clock.time);
  }
  void install(const state::test::Object& object, std::string_view version = "1.0.0") {
    upsert(object);
    const auto status = helm::parse_status(object.status).value_or(helm::Status::kUnknown);
    cache.put_payload(state::test::payload(object, state::test::chart_facts(version, status)));
  }
  void erase(const state::test::Object& object) {
    cache.erase(0, state::test::meta(object), clock.time);
  }
  std::string text(TextFormat format = TextFormat::kText004) {
    return text_of(exposition.scrape(format, ContentCoding::kIdentity));
  }
  std::string unzipped(TextFormat format = TextFormat::kText004) {
    return gunzip(text_of(exposition.scrape(format, ContentCoding::kGzip)));
  }

  StillClock clock;
  state::ReleaseCache cache;
  state::RepositoryCache repositories;
  state::ReleaseJoin join{cache, &repositories};
  Exposition exposition;
};

inline std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace lookout::metrics::test
