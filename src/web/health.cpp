#include "src/web/health.hpp"

#include <algorithm>
#include <string>

#include "lookout/base/text.hpp"

namespace lookout::web {
namespace {

bool asks_verbose(std::string_view query) {
  const auto parameters = split(query, '&');
  return std::any_of(parameters.begin(), parameters.end(), [](std::string_view parameter) {
    return parameter.substr(0, parameter.find('=')) == "verbose";
  });
}

std::string reason_of(const HealthReport& report) {
  return report.reason.empty() ? "not ready" : report.reason;
}

std::string verbose_text(std::string_view endpoint, const HealthReport& report) {
  std::string text;
  for (const HealthCheck& check : report.checks) {
    // A refused namespace is settled, yet whoever asks verbosely wants to know.
    text += check.ok ? "[+]" + check.name + " ok" : "[-]" + check.name + " failed";
    text += check.detail.empty() ? "\n" : ": " + check.detail + "\n";
  }
  text += endpoint;
  text += report.ready ? " check passed\n" : " check failed: " + reason_of(report) + "\n";
  return text;
}

}  // namespace

bool is_health_path(std::string_view path) {
  constexpr std::string_view kPaths[] = {"/livez", "/readyz", "/healthz", "/health", "/ready"};
  return std::find(std::begin(kPaths), std::end(kPaths), path) != std::end(kPaths);
}

http::ServerResponse health_response(std::string_view endpoint, const HealthReport& report,
                                     std::string_view query) {
  http::ServerResponse response;
  response.status = report.ready ? 200 : 503;
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  if (asks_verbose(query)) {
    response.body = http::BodyChain(verbose_text(endpoint, report));
  } else {
    response.body = http::BodyChain(report.ready ? "ok" : reason_of(report) + "\n");
  }
  return response;
}

}  // namespace lookout::web
