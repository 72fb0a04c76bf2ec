#include "src/cli/arguments.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <map>

#include "src/cli/migrate_source.hpp"
#include "src/cli/version.hpp"

namespace lookout::cli {
namespace {

constexpr std::string_view kDescription =
    "Watches Helm's releases in a Kubernetes cluster and serves them to Prometheus.\n"
    "Without a command it runs the controller.";

// Where CLI11 leaves what it read; converted once parsing is over.
struct Parsed {
  std::map<std::string, std::vector<std::string>> flags;
  std::string config_file;
  std::string output = "table";
  std::string file;
  std::map<std::string, std::string> scan_keys;
  PlanCommand plan;
  MigrateCommand migrate;
  ProbeCommand probe;
};

struct ScanFlag {
  const char* flag;
  const char* key;  // of `repositories:`
  const char* help;
  bool is_switch = false;
};

// Secrets by file or variable alone: a command line is for everyone to see.
constexpr ScanFlag kScanFlags[] = {
    {"--type", "type", "s3, http or oci; else by the URL"},
    {"--timeout", "timeout", "of the scan [30s]"},
    {"--username", "auth.username", "for basic authentication"},
    {"--password-file", "auth.passwordFile", "file that holds the password"},
    {"--password-env", "auth.passwordEnv", "variable that holds the password"},
    {"--bearer-token-file", "auth.bearerTokenFile", "file that holds a bearer token"},
    {"--bearer-token-env", "auth.bearerTokenEnv", "variable that holds a bearer token"},
    {"--docker-config-file", "auth.dockerConfigFile", "credentials of registries"},
    {"--plain-http", "plainHTTP", "the registry speaks http", true},
    {"--region", "region", "of the bucket"},
    {"--endpoint", "endpoint", "S3 server, when it is not AWS"},
    {"--addressing", "addressing", "auto, path or virtual"},
    {"--profile", "auth.profile", "AWS profile"},
    {"--role-arn", "auth.roleArn", "AWS role to assume"},
    {"--anonymous", "auth.anonymous", "send S3 requests unsigned", true},
    {"--ca-file", "tls.caFile", "CA certificates (PEM)"},
    {"--server-name", "tls.serverName", "verify this name instead of the host"},
    {"--insecure-skip-verify", "tls.insecureSkipVerify", "verify no certificate", true},
    {"--proxy-url", "proxyURL", "else HTTPS_PROXY, HTTP_PROXY and NO_PROXY"},
};

void add_settings(CLI::App& app, Parsed& parsed) {
  for (const SettingRow& row : settings_table()) {
    std::string help(row.help);
    if (!row.default_text.empty()) help += " [" + std::string(row.default_text) + "]";
    auto* option =
        app.add_option("--" + std::string(row.flag), parsed.flags[std::string(row.flag)], help);
    option->type_name(row.list ? "A,B" : "TEXT");
    option->expected(1)->multi_option_policy(row.list ? CLI::MultiOptionPolicy::TakeAll
                                                      : CLI::MultiOptionPolicy::TakeLast);
    if (row.list) option->delimiter(',');
  }
  app.add_option("--config", parsed.config_file, "settings file (YAML)")->type_name("FILE");
}

void add_output(CLI::App& command, Parsed& parsed) {
  command.add_option("-o,--output", parsed.output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->type_name("FORMAT");
}

void add_scan_flags(CLI::App& command, Parsed& parsed) {
  for (const ScanFlag& row : kScanFlags) {
    std::string& value = parsed.scan_keys[row.key];
    if (row.is_switch) {
      command.add_flag(
          row.flag, [&value](std::int64_t) { value = "true"; }, row.help);
    } else {
      command.add_option(row.flag, value, row.help)->type_name("TEXT");
    }
  }
}

void add_plan_flags(CLI::App& command, PlanCommand& plan) {
  static const std::map<std::string, PlanOutput> kOutputs = {
      {"text", PlanOutput::kText}, {"json", PlanOutput::kJson}, {"values", PlanOutput::kValues}};
  command.add_option("-o,--output", plan.output, "text, json or values (of the Helm chart)")
      ->transform(CLI::CheckedTransformer(kOutputs))
      ->type_name("FORMAT");
  command.add_option("--top", plan.top, "how many of the largest and longest releases [10]")
      ->check(CLI::Range(0, 1'000))
      ->type_name("N");
}

CLI::App* add_migrate(CLI::App& app, MigrateCommand& migrate) {
  CLI::App* command = app.add_subcommand(
      "migrate-values", "Print our chart's values for values or manifests of another program.");
  command->add_option("file", migrate.file, "FILE or - for standard input")->required();
  command->add_option("--from", migrate.from, "whose they are, if that cannot be told")
      ->check(CLI::IsMember(source_names()));
  return command;
}

CLI::App* add_probe(CLI::App& app, ProbeCommand& probe) {
  CLI::App* command = app.add_subcommand("probe", "Ask a URL; fail when the answer is another.");
  command->add_option("url", probe.url, "http or https")->required();
  command->add_option("--status", probe.status, "the status that is wanted [any 2xx]")
      ->check(CLI::Range(100, 599))
      ->type_name("N");
  command->add_option("--contains", probe.contains, "what the body must hold")->type_name("TEXT");
  command->add_option("--wait", probe.wait, "ask again every second, this long at most")
      ->type_name("DURATION");
  command->add_option("--ca-file", probe.ca_file, "CA certificates (PEM)")->type_name("FILE");
  command->add_option("--bearer-token-file", probe.bearer_token_file, "file that holds a token")
      ->type_name("FILE");
  command->add_flag("--insecure-skip-verify", probe.insecure_skip_verify, "verify no certificate");
  return command;
}

std::map<std::string, std::string> given_scan_keys(const Parsed& parsed) {
  std::map<std::string, std::string> given = parsed.scan_keys;
  std::erase_if(given, [](const auto& key) { return key.second.empty(); });
  return given;
}

OutputFormat output_format(const Parsed& parsed) {
  return parsed.output == "json" ? OutputFormat::kJson : OutputFormat::kTable;
}

GivenValues given_flags(const Parsed& parsed) {
  GivenValues given;
  for (const auto& [flag, values] : parsed.flags) {
    if (!values.empty()) given[flag] = values;
  }
  return given;
}

}  // namespace

Result<Arguments> parse_arguments(const std::vector<std::string>& arguments) {
  CLI::App app{std::string(kDescription), "helm-lookout"};
  Parsed parsed;
  add_settings(app, parsed);
  app.set_version_flag("--version", version_line());
  app.require_subcommand(0, 1);
  app.fallthrough();
  CLI::App* releases = app.add_subcommand("releases", "List the releases of the cluster.");
  add_output(*releases, parsed);
  CLI::App* decode = app.add_subcommand(
      "decode", "Show what is read from a release Secret (YAML or JSON) or a raw payload.");
  decode->add_option("file", parsed.file, "FILE or - for standard input")->required();
  add_output(*decode, parsed);
  CLI::App* scan = app.add_subcommand("scan", "Read one chart repository and list its charts.");
  scan->add_option("repository", parsed.file,
                   "URL (https, http, s3, oci, file), or a name in the settings file")
      ->required();
  add_scan_flags(*scan, parsed);
  add_output(*scan, parsed);
  CLI::App* plan = app.add_subcommand(
      "plan", "Read everything once, as the controller would, and say what it needs.");
  add_plan_flags(*plan, parsed.plan);
  CLI::App* migrate = add_migrate(app, parsed.migrate);
  CLI::App* probe = add_probe(app, parsed.probe);
  CLI::App* version = app.add_subcommand("version", "Print the version.");
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app.get_subcommands();
    return Arguments{HelpCommand{chosen.empty() ? app.help() : chosen.front()->help()}, "", {}};
  } catch (const CLI::CallForVersion&) {
    return Arguments{VersionCommand{}, "", {}};
  } catch (const CLI::Error& error) {
    return Error{ErrorCode::kInvalid, error.what()};
  }
  Arguments out{ControllerCommand{}, parsed.config_file, given_flags(parsed)};
  if (releases->parsed()) out.command = ReleasesCommand{output_format(parsed)};
  if (decode->parsed()) out.command = DecodeCommand{parsed.file, output_format(parsed)};
  if (scan->parsed()) {
    out.command = ScanCommand{parsed.file, given_scan_keys(parsed), output_format(parsed)};
  }
  if (plan->parsed()) out.command = parsed.plan;
  if (migrate->parsed()) out.command = parsed.migrate;
  if (probe->parsed()) out.command = parsed.probe;
  if (version->parsed()) out.command = VersionCommand{};
  return out;
}

}  // namespace lookout::cli
