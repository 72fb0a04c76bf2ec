// Which proxy a request takes. The rules are those of Go's
// golang.org/x/net/http/httpproxy, because kubectl and every other Go client of the
// same cluster reads the same variables.
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "lookout/base/text.hpp"
#include "lookout/http/transport.hpp"

namespace lookout::http {
namespace {

// An address as 16 bytes; IPv4 as ::ffff:a.b.c.d, so that both compare as one.
using Address = std::array<unsigned char, 16>;

struct ParsedAddress {
  Address bytes{};
  bool is_ipv4 = false;
};

std::optional<ParsedAddress> parse_address(std::string_view text) {
  const std::string zero_ended(text);
  ParsedAddress parsed;
  if (inet_pton(AF_INET6, zero_ended.c_str(), parsed.bytes.data()) == 1) return parsed;
  parsed.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  parsed.is_ipv4 = true;
  if (inet_pton(AF_INET, zero_ended.c_str(), parsed.bytes.data() + 12) == 1) return parsed;
  return std::nullopt;
}

bool is_loopback(const ParsedAddress& address) {
  static constexpr Address kIpv6Loopback = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return address.is_ipv4 ? address.bytes[12] == 127 : address.bytes == kIpv6Loopback;
}

bool same_prefix(const Address& a, const Address& b, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (std::memcmp(a.data(), b.data(), whole) != 0) return false;
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<unsigned char>(0xff << (8 - rest));
  return (a[whole] & mask) == (b[whole] & mask);
}

bool in_network(const ParsedAddress& address, std::string_view cidr) {
  const std::size_t slash = cidr.find('/');
  const auto network = parse_address(cidr.substr(0, slash));
  const auto bits = parse_number<unsigned>(cidr.substr(slash + 1));
  if (!network || !bits || network->is_ipv4 != address.is_ipv4) return false;
  if (*bits > (network->is_ipv4 ? 32U : 128U)) return false;
  return same_prefix(network->bytes, address.bytes, network->is_ipv4 ? *bits + 96 : *bits);
}

// "example.org" covers itself and what is below it; ".example.org" and
// "*.example.org" only what is below.
bool covers_name(std::string_view rule, std::string_view host) {
  if (rule.starts_with("*.")) rule.remove_prefix(1);
  if (rule.starts_with('.')) return host.size() > rule.size() && host.ends_with(rule);
  return host == rule || (host.size() > rule.size() && host.ends_with(rule) &&
                          host[host.size() - rule.size() - 1] == '.');
}

struct Rule {
  std::string_view host;  // without brackets and port
  std::string_view port;  // "" means any
};

Rule split_port(std::string_view rule) {
  if (rule.starts_with('[')) {
    const std::size_t close = std::min(rule.find(']'), rule.size() - 1);
    const std::string_view after = rule.substr(close + 1);
    return {rule.substr(1, close - 1), after.starts_with(':') ? after.substr(1) : ""};
  }
  const std::size_t colon = rule.find(':');
  if (colon == std::string_view::npos || rule.find(':', colon + 1) != std::string_view::npos) {
    return {rule, ""};
  }
  return {rule.substr(0, colon), rule.substr(colon + 1)};
}

bool rule_matches(std::string_view text, const Url& origin,
                  const std::optional<ParsedAddress>& address) {
  if (text == "*") return true;
  if (text.find('/') != std::string_view::npos) return address && in_network(*address, text);
  const Rule rule = split_port(text);
  if (rule.host.empty()) return false;
  if (!rule.port.empty() && rule.port != std::to_string(origin.port)) return false;
  const auto rule_address = parse_address(rule.host);
  if (rule_address) return address && rule_address->bytes == address->bytes;
  return !address && covers_name(rule.host, origin.host);
}

bool bypasses_proxy(const Url& origin, std::string_view no_proxy) {
  const auto address = parse_address(origin.host);
  if (origin.host == "localhost" || (address && is_loopback(*address))) return true;
  const std::string rules = to_lower(no_proxy);
  const auto parts = split(rules, ',');
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return rule_matches(trim(part), origin, address);
  });
}

std::string first_of(const std::map<std::string, std::string>& variables, const char* upper,
                     const char* lower) {
  for (const char* const name : {upper, lower}) {
    const auto found = variables.find(name);
    if (found != variables.end() && !found->second.empty()) return found->second;
  }
  return "";
}

}  // namespace

ProxyEnvironment proxy_environment(const std::map<std::string, std::string>& variables) {
  return {first_of(variables, "HTTP_PROXY", "http_proxy"),
          first_of(variables, "HTTPS_PROXY", "https_proxy"),
          first_of(variables, "NO_PROXY", "no_proxy")};
}

Result<std::optional<Url>> proxy_for(const Url& origin, const ProxyEnvironment& environment) {
  const bool encrypted = origin.scheme == "https";
  const std::string& proxy = encrypted ? environment.https_proxy : environment.http_proxy;
  if (proxy.empty() || bypasses_proxy(origin, environment.no_proxy)) return std::optional<Url>();
  const bool has_scheme = proxy.find("://") != std::string::npos;
  auto url = parse_url(has_scheme ? proxy : "http://" + proxy);
  if (!url) {
    const std::string variable = encrypted ? "HTTPS_PROXY" : "HTTP_PROXY";
    return Error{ErrorCode::kInvalid, variable + ": " + url.error().message};
  }
  return std::optional<Url>(std::move(*url));
}

}  // namespace lookout::http
