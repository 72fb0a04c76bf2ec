// helm-state-metrics: the arguments in its manifests, its own and those of controller-runtime's
// zap. Names and defaults: main.go, config/.

#include <string>

#include "lookout/base/text.hpp"

#include "src/cli/migrate_repository.hpp"
#include "src/cli/migrate_rules.hpp"
#include "src/cli/migrate_yaml.hpp"

namespace lookout::cli {
namespace {

using Note = MigrationNote::Kind;

constexpr MigrationRule kFlagRules[] = {
    {"args.health-probe-bind-address", "",
     "the probes are on 8081; see settings.healthProbeBindAddress", ":8081"},
    {"args.leader-elect", "", "nothing is written, so that there is nothing to elect for"},
    {"args.kubeconfig", "", "in a pod the service account is used; see settings.kubeconfig"},
    {"args.zap-stacktrace-level", "", "logs have no stack traces"},
    {"args.zap-time-encoding", "", "times are in RFC 3339"},
};

void migrate_log(MigrationInput& input, MigrationDraft& draft) {
  const std::string level = to_lower(input.take_text("args.zap-log-level"));
  const std::string encoder = input.take_text("args.zap-encoder");
  const std::string development = input.take_text("args.zap-devel");
  if (level == "debug" || level == "info" || level == "error") {
    draft.put("settings.logLevel", yaml_text(level));
  } else if (!level.empty()) {
    // Numbers are zap's own, each more talkative than debug.
    draft.put("settings.logLevel", yaml_text("debug"));
  }
  if (encoder == "json" || (encoder.empty() && development == "false")) {
    draft.put("settings.logFormat", yaml_text("json"));
  }
}

// The container beside it that checked tokens.
bool migrate_auth_proxy(MigrationInput& input, MigrationDraft& draft) {
  if (input.take("sidecars.kube-rbac-proxy") == nullptr) return false;
  draft.put("settings.authFilter", yaml_plain("true"));
  draft.put("tls.enabled", yaml_plain("true"));
  draft.put("tls.existingSecret", yaml_text("helm-lookout-tls"));
  draft.note(Note::kToDo, "sidecars.kube-rbac-proxy",
             "is built in: make the Secret helm-lookout-tls of type kubernetes.io/tls (the proxy "
             "signed its own), and name Prometheus' service account in rbac.scraper.subjects");
  return true;
}

void migrate_address(bool behind_proxy, MigrationInput& input, MigrationDraft& draft) {
  const std::string address = input.take_text("args.metrics-bind-address");
  if (address.empty() || address == ":9104" || behind_proxy) return;
  const std::size_t colon = address.rfind(':');
  const auto port = parse_number<std::uint16_t>(colon == std::string::npos
                                                    ? std::string_view()
                                                    : std::string_view(address).substr(colon + 1));
  if (!port || *port == 0) {
    draft.note(Note::kDiffers, "args.metrics-bind-address", "metrics are always served");
    return;
  }
  draft.append("settings.metricsBindAddress", yaml_text(":" + std::to_string(*port)));
  draft.put("service.port", yaml_plain(std::to_string(*port)));
}

}  // namespace

void migrate_state_metrics(MigrationInput& input, MigrationDraft& draft) {
  const bool behind_proxy = migrate_auth_proxy(input, draft);
  migrate_address(behind_proxy, input, draft);
  migrate_log(input, draft);
  apply_rules(kFlagRules, input, draft);
}

}  // namespace lookout::cli
