#include <catch2/catch.hpp>

#include <string>
#include <tuple>

#include "lookout/metrics/exposition.hpp"

namespace lookout::metrics {

TEST_CASE("negotiation: Accept chooses the format") {
  constexpr auto kText = TextFormat::kText004;
  constexpr auto kOpen = TextFormat::kOpenMetrics100;
  const auto [accept, format] = GENERATE_COPY(table<std::string, TextFormat>({
      {"", kText},
      {"*/*", kText},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", kText},
      {"text/plain", kText},
      {"application/openmetrics-text", kOpen},
      {"application/openmetrics-text; version=1.0.0", kOpen},
      {"APPLICATION/OpenMetrics-Text;VERSION=\"1.0.0\"", kOpen},
      {"application/openmetrics-text;version=0.0.1", kOpen},
      {"application/openmetrics-text;version=2.0.0", kText},
      {"application/openmetrics-text;version=2.0.0, text/plain;q=0.1", kText},
      {"application/openmetrics-text;q=0", kText},
      {"application/openmetrics-text;q=0.5,text/plain;q=0.6", kText},
      {"application/openmetrics-text;q=0.6,text/plain;q=0.5", kOpen},
      {"application/openmetrics-text,*/*", kOpen},
      {"application/*", kText},
      // Prometheus 2.42
      {"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
       "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
       kOpen},
      // Prometheus 3
      {"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
       "application/openmetrics-text;version=0.0.1;q=0.4,"
       "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,"
       "*/*;q=0.1",
       kOpen},
      // A scrape through PrometheusText0.0.4 in scrape_protocols
      {"text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1",
       kText},
      {";;;,=,q=,application/openmetrics-text;q=nonsense", kOpen},
  }));
  CAPTURE(accept);
  CHECK(negotiate_format(&accept) == format);
}

TEST_CASE("negotiation: a header that is absent means text, as it is") {
  CHECK(negotiate_format(nullptr) == TextFormat::kText004);
  CHECK(negotiate_coding(nullptr) == ContentCoding::kIdentity);
}

TEST_CASE("negotiation: ranges past the limit are not read") {
  std::string accept;
  for (int i = 0; i < 64; ++i) accept += "a/b,";
  accept += "application/openmetrics-text";
  CHECK(negotiate_format(&accept) == TextFormat::kText004);
}

TEST_CASE("negotiation: Accept-Encoding chooses the coding") {
  constexpr auto kGzip = ContentCoding::kGzip;
  constexpr auto kNone = ContentCoding::kIdentity;
  const auto [header, coding] = GENERATE_COPY(table<std::string, ContentCoding>({
      {"gzip", kGzip},
      {"GZIP;q=1.0", kGzip},
      {"x-gzip", kGzip},
      {"deflate, gzip;q=0.5, br", kGzip},
      {"*", kGzip},
      {"", kNone},
      {"identity", kNone},
      {"gzip;q=0", kNone},
      {"gzip;q=0.000", kNone},
      {"*;q=0", kNone},
      {"*,gzip;q=0", kNone},
      {"identity;q=1, gzip;q=0.5", kNone},
      {"identity;q=0.5, gzip;q=0.5", kGzip},
      {"br, zstd", kNone},
  }));
  CAPTURE(header);
  CHECK(negotiate_coding(&header) == coding);
}

TEST_CASE("negotiation: content types name version and charset") {
  CHECK(content_type(TextFormat::kText004) == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(content_type(TextFormat::kOpenMetrics100) ==
        "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

}  // namespace lookout::metrics
