#include "src/cli/repository_settings.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "lookout/base/text.hpp"

#include "controllers/repository_scanner.hpp"
#include "src/cli/repository_settings_source.hpp"

namespace lookout::cli {
namespace {

constexpr std::size_t kNameBytesMax = 128;

// A label's value and a word in the log: printable, whatever the script.
bool is_name(std::string_view name) {
  return !trim(name).empty() && trim(name) == name && name.size() <= kNameBytesMax &&
         std::none_of(name.begin(), name.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string parse_name(SettingsSection& section) {
  std::string name = section.text("name");
  if (!is_name(name)) {
    section.fail("name", "expected a name of at most " + std::to_string(kNameBytesMax) +
                             " bytes without spaces at its ends");
  }
  return name;
}

void parse_times(SettingsSection& section, repository::RepositorySettings& out) {
  out.interval = section.duration("interval").value_or(out.interval);
  out.timeout = section.duration("timeout").value_or(out.timeout);
  if (out.interval.count() != 0 && out.interval < kIntervalMin) {
    section.fail("interval", "expected at least 1s, or 0 for once");
  }
  if (out.timeout < kTimeoutMin || out.timeout > kTimeoutMax) {
    section.fail("timeout", "expected 1s to 1h");
  }
}

repository::TlsSettings parse_tls(SettingsSection& tls) {
  repository::TlsSettings out;
  out.ca = tls.secret("ca");
  out.cert = tls.secret("cert");
  out.key = tls.secret("key");
  out.server_name = tls.text("serverName");
  out.insecure_skip_verify = tls.flag("insecureSkipVerify");
  if (out.cert.given() != out.key.given()) tls.fail("", "cert and key belong together");
  return out;
}

std::string parse_proxy(SettingsSection& section) {
  std::string text = section.text("proxyURL");
  if (text.empty()) return text;
  const auto url = http::parse_url(text);
  if (!url) section.fail("proxyURL", url.error().message);
  return text;
}

Result<state::Pin> parse_pin(SettingsSection section) {
  state::Pin out;
  out.chart = section.text("chart");
  out.ns = section.text("namespace");
  out.release = section.text("release");
  out.repository = section.text("repository");
  const bool of_release = !out.ns.empty() && !out.release.empty();
  if (out.chart.empty() ? !of_release : !(out.ns.empty() && out.release.empty())) {
    section.fail("", "give a chart, or a namespace and a release");
  }
  if (out.repository.empty()) section.fail("repository", "is missing");
  if (const auto result = section.result(); !result) return result.error();
  return out;
}

// Every item through `parse`; the first mistake ends it.
template <class T>
Result<std::vector<T>> parse_list(Result<std::vector<SettingsSection>> sections,
                                  Result<T> (*parse)(SettingsSection)) {
  if (!sections) return sections.error();
  std::vector<T> out;
  for (SettingsSection& section : *sections) {
    auto item = parse(std::move(section));
    if (!item) return item.error();
    out.push_back(std::move(*item));
  }
  return out;
}

}  // namespace

Result<repository::RepositorySettings> parse_repository(SettingsSection section) {
  repository::RepositorySettings out;
  out.name = parse_name(section);
  out.source = parse_source(section);
  parse_times(section, out);
  SettingsSection tls = section.section("tls");
  out.tls = parse_tls(tls);
  section.check(tls);
  out.proxy_url = parse_proxy(section);
  if (const auto result = section.result(); !result) return result.error();
  return out;
}

Result<std::vector<repository::RepositorySettings>> parse_repositories(const encoding::Yaml& list) {
  return parse_list(list_sections(list, "repositories", controllers::kRepositoriesMax),
                    parse_repository);
}

Result<std::vector<state::Pin>> parse_pins(const encoding::Yaml& list) {
  return parse_list(list_sections(list, "pins", kPinsMax), parse_pin);
}

Result<void> check_repositories(const std::vector<repository::RepositorySettings>& repositories,
                                const std::vector<state::Pin>& pins) {
  if (repositories.size() > controllers::kRepositoriesMax) {
    return Error{ErrorCode::kInvalid,
                 "repositories: at most " + std::to_string(controllers::kRepositoriesMax)};
  }
  std::set<std::string_view> names;
  for (const auto& settings : repositories) {
    if (!names.insert(settings.name).second) {
      return Error{ErrorCode::kInvalid,
                   "repositories: two are named " + quote_bounded(settings.name)};
    }
  }
  for (const state::Pin& pin : pins) {
    if (!names.contains(pin.repository)) {
      return Error{ErrorCode::kInvalid,
                   "pins: there is no repository " + quote_bounded(pin.repository)};
    }
  }
  return {};
}

}  // namespace lookout::cli
