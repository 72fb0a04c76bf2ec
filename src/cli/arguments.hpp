// The command line: flags of settings_table() plus the one-shot commands.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "lookout/base/result.hpp"

#include "src/cli/settings.hpp"

namespace lookout::cli {

enum class OutputFormat { kTable, kJson };

struct ControllerCommand {};
struct ReleasesCommand {
  OutputFormat output = OutputFormat::kTable;
};
struct DecodeCommand {
  std::string file;  // "-" = standard input
  OutputFormat output = OutputFormat::kTable;
};
// One repository, read once: a URL with the keys of `repositories:` that flags gave
// ("auth.username" for a nested one), or the name of one in the settings file.
struct ScanCommand {
  std::string target;
  std::map<std::string, std::string> keys;
  OutputFormat output = OutputFormat::kTable;
};
// What the controller would need for this cluster and these repositories.
enum class PlanOutput { kText, kJson, kValues };
struct PlanCommand {
  PlanOutput output = PlanOutput::kText;
  std::size_t top = 10;  // of the largest and the longest releases
};
// Values of our chart out of those of another program.
struct MigrateCommand {
  std::string file;  // "-" = standard input
  std::string from;  // the program's name; "" = find out
};
// One GET of a URL, for `helm test`.
struct ProbeCommand {
  std::string url;
  int status = 0;  // 0 = any 2xx
  std::string contains;
  std::string wait;  // a duration; "" = ask once
  std::string ca_file;
  std::string bearer_token_file;
  bool insecure_skip_verify = false;
};
struct VersionCommand {};
// --help of whatever command: print and leave with 0.
struct HelpCommand {
  std::string text;
};
using Command =
    std::variant<ControllerCommand, ReleasesCommand, DecodeCommand, ScanCommand, PlanCommand,
                 MigrateCommand, ProbeCommand, VersionCommand, HelpCommand>;

struct Arguments {
  Command command;
  std::string config_file;  // --config
  GivenValues flags;
};

// kInvalid: one line that names the flag.
Result<Arguments> parse_arguments(const std::vector<std::string>& arguments);

}  // namespace lookout::cli
