#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "lookout/base/text.hpp"
#include "lookout/encoding/base64.hpp"
#include "lookout/encoding/time.hpp"
#include "lookout/encoding/yaml.hpp"
#include "lookout/helm/release.hpp"
#include "lookout/system/files.hpp"

#include "src/cli/commands.hpp"
#include "src/cli/decode_input.hpp"
#include "src/cli/table.hpp"

namespace lookout::cli {
namespace {

std::string seconds_text(const std::optional<std::int64_t>& seconds) {
  return seconds ? encoding::format_rfc3339(*seconds) : "";
}

std::vector<std::vector<std::string>> rows(const DecodeInput& input,
                                           const helm::DecodeOutcome& outcome) {
  std::vector<std::vector<std::string>> out;
  const auto row = [&](std::string_view name, std::string_view value) {
    out.push_back({std::string(name), printable(value)});
  };
  if (!input.name.empty()) {
    const auto parsed = helm::parse_storage_name(input.name);
    row("object", input.name);
    row("namespace", input.ns);
    if (parsed.name) {
      row("release", parsed.name->release);
      row("revision", std::to_string(parsed.name->revision));
    } else {
      row("ignored", helm::ignored_name_reason(parsed.ignored));
    }
  }
  if (const auto* facts = std::get_if<helm::ReleaseFacts>(&outcome)) {
    row("status", facts->status ? helm::status_name(*facts->status) : "");
    row("chart", facts->has_chart_metadata ? facts->chart : "MISSING");
    row("chart version", facts->has_chart_metadata ? facts->chart_version : "MISSING");
    row("app version", facts->has_chart_metadata ? facts->app_version : "MISSING");
    row("first deployed", seconds_text(facts->first_deployed_seconds));
    row("last deployed", seconds_text(facts->last_deployed_seconds));
  } else {
    row("undecodable", helm::undecodable_reason(std::get<helm::Undecodable>(outcome)));
  }
  if (input.payload) {
    row("storage bytes", std::to_string(helm::storage_bytes(*input.payload, input.encoding)));
  }
  return out;
}

Result<std::string> read_input(const std::string& file) {
  if (file != "-") return system::read_file(file, kDecodeBytesMax);
  std::string text;
  char piece[65536];
  while (std::cin.read(piece, sizeof piece) || std::cin.gcount() > 0) {
    text.append(piece, static_cast<std::size_t>(std::cin.gcount()));
    if (text.size() > kDecodeBytesMax) return Error{ErrorCode::kTooLarge, "input is too large"};
  }
  return text;
}

}  // namespace

int run_decode(const DecodeCommand& command) {
  const auto text = read_input(command.file);
  if (!text) {
    std::fprintf(stderr, "helm-lookout: %s\n", text.error().message.c_str());
    return 1;
  }
  const auto input = parse_decode_input(*text);
  if (!input) {
    std::fprintf(stderr, "helm-lookout: %s\n", input.error().message.c_str());
    return 1;
  }
  // A person asks about one payload: everything is read, as with --decode=verify.
  const helm::DecodeOutcome outcome =
      input->payload
          ? helm::decode_release(*input->payload, input->encoding, helm::DecodeMode::kVerify)
          : helm::DecodeOutcome(helm::Undecodable::kNoReleaseKey);
  const auto shown = rows(*input, outcome);
  const std::string out =
      command.output == OutputFormat::kJson ? rows_json(shown) + "\n" : render_table(shown);
  if (!print(out)) return 1;
  return std::holds_alternative<helm::ReleaseFacts>(outcome) ? 0 : 1;
}

}  // namespace lookout::cli
