#include <algorithm>
#include <utility>

#include "lookout/base/text.hpp"

#include "src/cli/boolean.hpp"
#include "src/cli/settings.hpp"

namespace lookout::cli {
namespace {

using Values = std::vector<std::string>;

Error expected(std::string_view what, std::string_view got) {
  return {ErrorCode::kInvalid, "expected " + std::string(what) + ", got " + quote_bounded(got)};
}

// One of a closed set of words.
template <class T, class Member>
auto one_of(Member Settings::*member, std::vector<std::pair<std::string_view, T>> words) {
  return [member, words = std::move(words)](Settings& settings, const Values& given) {
    std::string names;
    for (const auto& [word, value] : words) {
      if (given.back() == word) {
        settings.*member = value;
        return Result<void>();
      }
      names += (names.empty() ? "" : ", ") + std::string(word);
    }
    return Result<void>(expected("one of " + names, given.back()));
  };
}

auto text(std::string Settings::*member) {
  return [member](Settings& settings, const Values& given) {
    settings.*member = given.back();
    return Result<void>();
  };
}

auto list(std::vector<std::string> Settings::*member) {
  return [member](Settings& settings, const Values& given) {
    settings.*member = given;
    return Result<void>();
  };
}

template <class N>
auto number(N Settings::*member, N lowest) {
  return [member, lowest](Settings& settings, const Values& given) {
    const auto value = parse_number<N>(given.back());
    if (!value || *value < lowest) {
      return Result<void>(
          expected("a whole number, at least " + std::to_string(lowest), given.back()));
    }
    settings.*member = *value;
    return Result<void>();
  };
}

bool is_address(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return false;
  return parse_number<std::uint16_t>(address.substr(colon + 1)).has_value();
}

auto addresses(std::vector<std::string> Settings::*member) {
  return [member](Settings& settings, const Values& given) {
    for (const std::string& address : given) {
      if (!is_address(address)) return Result<void>(expected("HOST:PORT or :PORT", address));
    }
    settings.*member = given;
    return Result<void>();
  };
}

// DNS-1123 label, as Kubernetes checks namespace names.
bool is_namespace(std::string_view name) {
  const auto legal = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !name.empty() && name.size() <= 63 && name.front() != '-' && name.back() != '-' &&
         std::all_of(name.begin(), name.end(), legal);
}

Result<void> namespaces(Settings& settings, const Values& given) {
  for (const std::string& name : given) {
    if (!is_namespace(name)) return expected("namespace names", name);
  }
  settings.namespaces = given;
  std::sort(settings.namespaces.begin(), settings.namespaces.end());
  const auto repeated = std::unique(settings.namespaces.begin(), settings.namespaces.end());
  settings.namespaces.erase(repeated, settings.namespaces.end());
  if (settings.namespaces.size() > kNamespacesMax) {
    return Error{ErrorCode::kInvalid, "at most " + std::to_string(kNamespacesMax) +
                                          " namespaces; leave it out to watch all of them"};
  }
  return {};
}

auto boolean(bool Settings::*member) {
  return [member](Settings& settings, const Values& given) {
    const auto value = parse_boolean(given.back());
    if (!value) return Result<void>(expected("true or false", given.back()));
    settings.*member = *value;
    return Result<void>();
  };
}

// The program's own endpoints (web::routes).
bool is_taken(std::string_view path) {
  constexpr std::string_view kTaken[] = {"/metrics/self", "/healthz", "/livez",     "/readyz",
                                         "/health",       "/ready",   "/style.css", "/charts.js"};
  return path.starts_with("/api/") ||
         std::find(std::begin(kTaken), std::end(kTaken), path) != std::end(kTaken);
}

// Of a page.
auto path(std::string Settings::*member) {
  return [member](Settings& settings, const Values& given) {
    const std::string& text = given.back();
    if (text.size() < 2 || text.front() != '/' || text.find_first_of("?#% ") != std::string::npos) {
      return Result<void>(expected("a path that begins with /", text));
    }
    if (is_taken(text)) return Result<void>(expected("a path that is not taken", text));
    settings.*member = text;
    return Result<void>();
  };
}

// Of the addresses that are served, and who may see what is behind them.
std::vector<SettingRow> endpoint_rows() {
  return {
      {"metrics-bind-address", ":9104", "address of /metrics and the pages; repeatable", true,
       "METRICS_PORT", addresses(&Settings::metrics_bind_addresses)},
      {"health-probe-bind-address", ":8081", "address of /healthz, /livez and /readyz", true, "",
       addresses(&Settings::health_probe_bind_addresses)},
      {"metrics-path", "/metrics", "path of the metrics", false, "METRICS_PATH",
       path(&Settings::metrics_path)},
      {"charts-page", "true", "serve the page of charts and repositories", false, "ENABLE_HTML",
       boolean(&Settings::charts_page)},
      {"charts-path", "/charts", "path of that page", false, "HTML_PATH",
       path(&Settings::charts_path)},
      {"charts-icons", "false",
       "show on that page the icons that charts name: browsers load them from strangers", false, "",
       boolean(&Settings::charts_icons)},
      {"tls-cert-file", "",
       "serve the metrics addresses over TLS with this certificate chain (PEM)", false, "",
       text(&Settings::tls_cert_file)},
      {"tls-private-key-file", "", "its private key (PEM)", false, "",
       text(&Settings::tls_private_key_file)},
      {"client-ca-file", "", "let in whoever has a client certificate of these CAs (PEM)", false,
       "", text(&Settings::client_ca_file)},
      {"auth-filter", "false",
       "let in whom the API server knows (TokenReview) and allows the path (SubjectAccessReview)",
       false, "", boolean(&Settings::auth_filter)},
      {"auth-audiences", "", "audiences of which a token must have one; else the API server's own",
       true, "", list(&Settings::auth_audiences)},
      {"auth-token-file", "", "let in whoever has one of these bearer tokens, one a line", false,
       "", text(&Settings::auth_token_file)},
  };
}

std::vector<SettingRow> release_rows() {
  using kube::StorageDriver;
  return {
      {"releases", "on",
       "on: watch the releases of a cluster; off: repositories alone; auto: repositories alone "
       "when there is no cluster or it refuses (the default beside S3_BUCKET)",
       false, "",
       one_of<ReleasesMode>(&Settings::releases, {{"on", ReleasesMode::kOn},
                                                  {"off", ReleasesMode::kOff},
                                                  {"auto", ReleasesMode::kAuto}})},
      {"kubeconfig", "",
       "kubeconfig file; else KUBECONFIG, the pod's service account, "
       "~/.kube/config",
       false, "", text(&Settings::kubeconfig)},
      {"context", "", "context of the kubeconfig; else its current-context", false, "",
       text(&Settings::context)},
      {"namespaces", "",
       "watch only these, one list/watch a namespace, with Roles only (64 at "
       "most)",
       true, "", namespaces},
      {"namespaces-ignore", "", "leave these out", true, "", list(&Settings::namespaces_ignore)},
      {"storage-driver", "secret", "where Helm keeps its releases: secret or configmap", false, "",
       one_of<StorageDriver>(&Settings::storage_driver,
                             {{"secret", StorageDriver::kSecret},
                              {"secrets", StorageDriver::kSecret},
                              {"configmap", StorageDriver::kConfigMap},
                              {"configmaps", StorageDriver::kConfigMap}})},
      {"payload", "current",
       "current: read the payload of current revisions; never: read no "
       "value at all",
       false, "", one_of<bool>(&Settings::payloads, {{"current", true}, {"never", false}})},
      {"decode", "stop",
       "stop: read a payload up to the facts wanted; verify: read all of it and "
       "check its CRC",
       false, "",
       one_of<helm::DecodeMode>(&Settings::decode, {{"stop", helm::DecodeMode::kStop},
                                                    {"verify", helm::DecodeMode::kVerify}})},
      {"release-labels", "", "labels of release Secrets to show in helm_release_labels; * for all",
       true, "", list(&Settings::release_labels)},
      {"max-series", "0", "most helm_release_* series to serve; 0 for no limit", false, "",
       number<std::size_t>(&Settings::max_series, 0)},
      {"shard", "0",
       "which shard of --total-shards this is; else the number that ends the pod's "
       "name",
       false, "", number<std::uint32_t>(&Settings::shard, 0)},
      {"total-shards", "1", "how many shards share the namespaces", false, "",
       number<std::uint32_t>(&Settings::total_shards, 1)},
      {"log-level", "info", "debug, info, warn or error", false, "",
       one_of<log::Level>(&Settings::log_level, {{"debug", log::Level::kDebug},
                                                 {"info", log::Level::kInfo},
                                                 {"warn", log::Level::kWarn},
                                                 {"error", log::Level::kError}})},
      {"log-format", "text", "text or json", false, "",
       one_of<log::Format>(&Settings::log_format,
                           {{"text", log::Format::kText}, {"json", log::Format::kJson}})},
  };
}

std::vector<SettingRow> make_table() {
  std::vector<SettingRow> table = endpoint_rows();
  for (SettingRow& row : release_rows()) table.push_back(std::move(row));
  return table;
}

}  // namespace

const std::vector<SettingRow>& settings_table() {
  static const std::vector<SettingRow> table = make_table();
  return table;
}

}  // namespace lookout::cli
