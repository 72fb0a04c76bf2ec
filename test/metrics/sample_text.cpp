#include "test/metrics/sample_text.hpp"

#include "lookout/metrics/self_metrics.hpp"

#include "test/metrics/metrics_fixture.hpp"

namespace lookout::metrics::test {
namespace {

using state::test::Object;

void install_hostile(ExpositionFixture& f) {
  const Object hostile{.release = "hostile", .uid_number = 20, .ns = "prod"};
  helm::SecretMeta meta = state::test::meta(hostile);
  meta.labels.emplace_back("team", "line\nbreak \"quoted\" back\\slash");
  meta.labels.emplace_back("costCenter", "\xFF");
  meta.labels.emplace_back("cost-center", "\xE2\x82\xAC");
  meta.labels.emplace_back("cost_center", "{},=#");
  f.cache.upsert(0, meta, f.clock.time);
  helm::ReleaseFacts facts = state::test::chart_facts("1.0.0+build\\\"\n\x01");
  facts.chart = std::string(2'000, 'x');
  facts.app_version.clear();
  f.cache.put_payload(state::test::payload(hostile, facts));
}

void install_all_states(ExpositionFixture& f) {
  for (unsigned i = 0; i < helm::kStatusCount; ++i) {
    const std::string status(helm::status_name(static_cast<helm::Status>(i)));
    f.install({.release = status + ".v2", .revision = i + 1, .status = status, .uid_number = i});
  }
}

void fill(kube::ReflectorStats& stats) {
  stats.synced.set(1);
  stats.last_event_timestamp_seconds.set(1'700'000'000.25);
  stats.last_bookmark_timestamp_seconds.set(1'700'000'060);
  stats.lists.add({"ok"}, 2);
  stats.watches.add({"closed"}, 3);
  stats.relists.add({"gone"});
  stats.watch_restarts.add({"timeout"}, 4);
  stats.watch_bytes.add(123'456);
}

void fill(state::PayloadStats& stats) {
  stats.fetches.add({"ok"}, 9);
  stats.fetches.add({"not_found"});
  stats.decode_error(helm::Undecodable::kGzip).add();
  stats.decode_seconds.observe(0.0000245);
  stats.verified.add();
  stats.reconciles.add({"success"}, 10);
  stats.reconcile_seconds.observe(0.02);
}

void fill(AuthStats& stats) {
  stats.requests.add({"allowed"}, 9);
  stats.requests.add({"unauthenticated"});
  stats.cache_lookups.add({"token", "hit"}, 7);
  stats.cache_lookups.add({"access", "miss"}, 2);
  stats.token_review_seconds.observe(0.02);
  stats.access_review_seconds.observe(0.003);
}

// One that was read two minutes ago, one that never was, one that is not on S3.
void fill(state::RepositoryCache& repositories, const Clock& clock) {
  repositories.set_repositories(
      {{"team", "s3", "s3://team"}, {"down", "s3", "s3://down"}, {"web", "http", "https://web"}});
  helm::ChartIndex index;
  index.charts.resize(3);
  const WallTime read = clock.wall_now() - std::chrono::minutes(2);
  repositories.put_success("team", index, 10, read);
  repositories.put_success("web", index, 10, read);
  repositories.put_failure("down", "dns", "no such host", read);
}

WorkQueueSample work_queue_sample() {
  Histogram seconds(kRequestSecondsBounds);
  seconds.observe(0.003);
  seconds.observe(120);
  return {1, 10, 2, 0.5, 0.25, seconds.snapshot(), seconds.snapshot()};
}

}  // namespace

std::string sample_byte_text(TextFormat format) {
  ExpositionFixture f({}, {.label_allow_list = {"*"}});
  for (unsigned byte = 0; byte < 256; ++byte) {
    const std::string value = "<" + std::string(1, static_cast<char>(byte)) + ">";
    const Object object{.release = "byte-" + std::to_string(byte), .uid_number = byte};
    helm::SecretMeta meta = state::test::meta(object);
    meta.labels.emplace_back("team", value);
    f.cache.upsert(0, meta, f.clock.time);
    helm::ReleaseFacts facts = state::test::chart_facts(value);
    facts.chart = value;
    facts.app_version = value;
    f.cache.put_payload(state::test::payload(object, facts));
  }
  return f.text(format);
}

std::string sample_release_text(TextFormat format) {
  ExpositionFixture f({}, {.label_allow_list = {"*"}});
  install_all_states(f);
  install_hostile(f);
  f.install({.release = "upgraded", .revision = 1, .uid_number = 30, .ns = "prod"});
  f.install({.release = "upgraded",
             .revision = 2,
             .status = "failed",
             .uid_number = 31,
             .rv = 11,
             .ns = "prod"});
  const Object broken{.release = "broken", .uid_number = 40, .ns = "staging"};
  f.upsert(broken);
  f.cache.put_payload(state::test::payload(broken, helm::Undecodable::kGzip));
  f.upsert({.release = "unread", .status = "pending-install", .uid_number = 50, .ns = "staging"});
  f.text();
  f.clock.time += std::chrono::seconds(3);
  return f.text(format);
}

std::string sample_self_text(TextFormat format) {
  ExpositionFixture f;
  f.install({});
  kube::ReflectorStats stream;
  fill(stream);
  kube::ApiClientStats api;
  api.host = "10.0.0.1:443";
  api.requests.add({"200", "GET", "10.0.0.1:443"}, 12);
  api.requests.add({"<error>", "GET", "10.0.0.1:443"});
  api.request_seconds.observe(0.04);
  api.requests.add({"201", "POST", "10.0.0.1:443"}, 4);
  api.review_seconds.observe(0.02);
  kube::CredentialStats credentials;
  state::PayloadStats payloads;
  fill(payloads);
  ConfigStats config;
  config.hash.set(281'474'976'710'655.0);
  config.reload_success.set(1);
  http::ServerStats server;
  server.requests.add(7);
  http::ServerStats tls_server;
  tls_server.tls_certificate_expiry.set(1'800'000'000);
  tls_server.tls_reload_success.set(1);
  AuthStats auth;
  fill(auth);
  TokenFileStats token_file;
  token_file.tokens.set(2);
  token_file.reload_success.set(1);
  ExpositionStats exposition;
  state::RepositoryCache repositories;
  fill(repositories, f.clock);
  repository::ScanStats scans;
  scans.s3_requests.add({"200", "GetObject"}, 2);
  scans.s3_requests.add({"304", "GetObject"}, 5);
  SelfSources sources;
  sources.build = {"0.1.0", "abc123", "g++ 12"};
  sources.config = &config;
  sources.cache = &f.cache;
  sources.streams = {{"", &stream}, {"team-a", &stream}};
  sources.api = &api;
  sources.credentials = &credentials;
  sources.work_queue = work_queue_sample;
  sources.payloads = &payloads;
  sources.repositories = &repositories;
  sources.clock = &f.clock;
  sources.scans = &scans;
  sources.exposition = &exposition;
  sources.servers = {{"metrics", &tls_server}, {"health", &server}};
  sources.auth = &auth;
  sources.token_file = &token_file;
  return SelfMetrics(sources).render(format);
}

}  // namespace lookout::metrics::test
