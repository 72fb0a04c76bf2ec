// TLS and authentication of what is served.
#include "src/metrics/self_families.hpp"

namespace lookout::metrics {
namespace {

// Of servers with TLS alone.
template <class Figure>
void add_tls(const std::vector<SelfSources::Server>& servers, Figure http::ServerStats::*figure,
             FamilyList& families) {
  for (const SelfSources::Server& server : servers) {
    if (server.stats == nullptr || server.stats->tls_certificate_expiry.value() == 0) continue;
    families.add(static_cast<double>((server.stats->*figure).value()), {{"server", server.name}});
  }
}

void collect_tls(const std::vector<SelfSources::Server>& servers, FamilyList& families) {
  families.open("helm_lookout_tls_certificate_expiry_timestamp_seconds",
                "Unix time at which the certificate in use expires", FamilyType::kGauge);
  add_tls(servers, &http::ServerStats::tls_certificate_expiry, families);
  families.open("helm_lookout_tls_reload_success",
                "1 if certificate, key and client CA are in use as the files are now",
                FamilyType::kGauge);
  add_tls(servers, &http::ServerStats::tls_reload_success, families);
  families.open("helm_lookout_tls_handshake_failures_total",
                "Connections that did not get through the TLS handshake", FamilyType::kCounter);
  add_tls(servers, &http::ServerStats::tls_handshake_failures, families);
}

void collect_authentication(const AuthStats& stats, FamilyList& families) {
  families
      .open("helm_lookout_auth_requests_total", "Requests that had to identify themselves",
            FamilyType::kCounter)
      .add(stats.requests, {"result"});
  families
      .open("helm_lookout_auth_cache_lookups_total", "Looks at what reviews said before",
            FamilyType::kCounter)
      .add(stats.cache_lookups, {"cache", "result"});
  families
      .open("helm_lookout_auth_review_duration_seconds",
            "Seconds until the API server had answered, retries included", FamilyType::kHistogram)
      .add(stats.token_review_seconds.snapshot(), {{"review", "token"}})
      .add(stats.access_review_seconds.snapshot(), {{"review", "access"}});
}

}  // namespace

void collect_security(const SelfSources& sources, FamilyList& families) {
  collect_tls(sources.servers, families);
  if (sources.auth != nullptr) collect_authentication(*sources.auth, families);
  if (sources.token_file == nullptr) return;
  families
      .open("helm_lookout_auth_token_file_tokens", "Static bearer tokens in effect",
            FamilyType::kGauge)
      .add(sources.token_file->tokens.value());
  families
      .open("helm_lookout_auth_token_file_reload_success",
            "1 if the token file was taken over when it was last read", FamilyType::kGauge)
      .add(sources.token_file->reload_success.value());
}

}  // namespace lookout::metrics
