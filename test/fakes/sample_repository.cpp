#include "test/fakes/sample_repository.hpp"

#include "lookout/encoding/time.hpp"

#include "test/fakes/chart_samples.hpp"

namespace lookout::fakes {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kReleaseEveryDays = 40;

// What no release runs yet.
struct NewerVersion {
  std::string_view chart;
  ChartVersionSample version;
};
constexpr NewerVersion kNewer[] = {
    {"kafka", {"32.0.1", "4.0.0"}},
    {"grafana", {"8.7.0", "11.4.0"}},
    {"cert-manager", {"v1.17.0", "v1.17.0"}},
    {"postgresql", {"17.0.0-rc.1", "18.0.0"}},
};
// Released, and gone from its repository after a while.
constexpr std::string_view kGoneChart = "keycloak";
constexpr std::string_view kGoneVersion = "22.2.6";

std::string entry(const ChartSample& chart, const ChartVersionSample& version,
                  std::int64_t created_seconds) {
  const std::string file = std::string(chart.name) + "-" + std::string(version.version) + ".tgz";
  std::string out = "  - apiVersion: v2\n    name: " + std::string(chart.name);
  out += "\n    version: '" + std::string(version.version) + "'";
  out += "\n    appVersion: '" + std::string(version.app_version) + "'";
  out += "\n    description: '" + std::string(chart.description) + "'";
  out += "\n    home: " + std::string(chart.home);
  out += "\n    created: '" + encoding::format_rfc3339(created_seconds) + "'";
  if (chart.deprecated) out += "\n    deprecated: true";
  return out + "\n    urls: ['charts/" + file + "']\n";
}

bool is_gone(const ChartSample& chart, const ChartVersionSample& version, SampleAge age) {
  return age == SampleAge::kVersionGone && chart.name == kGoneChart &&
         version.version == kGoneVersion;
}

std::string entries(const ChartSample& chart, SampleAge age, std::int64_t start_seconds) {
  std::string out = "  " + std::string(chart.name) + ":\n";
  std::int64_t created = start_seconds - kDaySeconds;
  for (const NewerVersion& newer : kNewer) {
    if (newer.chart == chart.name) out += entry(chart, newer.version, created);
  }
  for (auto version = chart.versions.rbegin(); version != chart.versions.rend(); ++version) {
    created -= kReleaseEveryDays * kDaySeconds;
    if (!is_gone(chart, *version, age)) out += entry(chart, *version, created);
  }
  return out;
}

http::ServerResponse not_found() {
  http::ServerResponse response;
  response.status = 404;
  response.headers.add("Content-Type", "application/xml");
  response.body = http::BodyChain("<Error><Code>NoSuchKey</Code></Error>");
  return response;
}

}  // namespace

std::string sample_index(SampleRepository repository, SampleAge age, std::int64_t start_seconds) {
  std::string out = "apiVersion: v1\nentries:\n";
  std::size_t i = 0;
  for (const ChartSample& chart : chart_samples()) {
    const bool wanted = (i++ % 2 == 0) == (repository == SampleRepository::kStable);
    if (wanted) out += entries(chart, age, start_seconds);
  }
  return out + "generated: '" + encoding::format_rfc3339(start_seconds) + "'\n";
}

http::Handler sample_repositories(std::function<std::int64_t()> now_seconds) {
  return [now_seconds, start = now_seconds()](const http::ServerRequest& request) {
    const bool stable = request.path == kStablePath;
    if (!stable && request.path != "/" + std::string(kTeamBucket) + "/index.yaml") {
      return not_found();
    }
    const bool fresh = now_seconds() < start + kVersionGoneAfterSeconds;
    const std::string index =
        sample_index(stable ? SampleRepository::kStable : SampleRepository::kTeam,
                     fresh ? SampleAge::kFresh : SampleAge::kVersionGone, start);
    const std::string etag = "\"" + std::to_string(std::hash<std::string>()(index)) + "\"";
    http::ServerResponse response;
    response.headers.add("ETag", etag);
    response.headers.add("Content-Type", "text/yaml");
    const std::string* known = request.headers.find("If-None-Match");
    response.status = known != nullptr && *known == etag ? 304 : 200;
    if (response.status == 200) response.body = http::BodyChain(index);
    return response;
  };
}

}  // namespace lookout::fakes
