#include "lookout/http/url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>

#include "lookout/base/text.hpp"

namespace lookout::http {
namespace {

constexpr std::size_t kUrlBytesMax = 8 * 1024;

Error invalid(std::string message) {
  return {ErrorCode::kInvalid, "URL: " + std::move(message)};
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_unreserved(char c) {
  return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<std::uint16_t> default_port(std::string_view scheme) {
  if (scheme == "http") return std::uint16_t{80};
  if (scheme == "https") return std::uint16_t{443};
  if (scheme == "socks5" || scheme == "socks5h") return std::uint16_t{1080};
  return std::nullopt;
}

// White space, controls and backslashes are how request smuggling and header
// injection begin; RFC 3986 has none of them.
bool has_forbidden_byte(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte >= 0x7f || c == '\\' || c == '"' || c == '<' || c == '>';
  });
}

bool is_ipv6_text(std::string_view text) {
  return std::count(text.begin(), text.end(), ':') >= 2 &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return hex_digit(c).has_value() || c == ':' || c == '.'; });
}

bool is_host_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_unreserved);
}

// "host", "host:port", "[v6]:port"; the port is left as it is when absent or empty.
Result<void> parse_host_and_port(std::string_view text, Url& url) {
  std::string_view port;
  std::string_view host = text;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return invalid("\"[\" without \"]\" in the host");
    host = text.substr(1, close - 1);
    if (!is_ipv6_text(host)) return invalid("bad IPv6 address " + quote_bounded(host));
    port = text.substr(close + 1);
    if (!port.empty() && port.front() != ':') return invalid("unexpected text after \"]\"");
  } else {
    const std::size_t colon = text.find(':');
    host = text.substr(0, colon);
    if (host.empty()) return invalid("no host");
    if (!is_host_name(host)) return invalid("bad host " + quote_bounded(host));
    if (colon != std::string_view::npos) port = text.substr(colon);
  }
  url.host = to_lower(host);
  if (port.size() <= 1) return {};
  const auto number = parse_number<std::uint16_t>(port.substr(1));
  if (!number || *number == 0) return invalid("bad port " + quote_bounded(port.substr(1)));
  url.port = *number;
  return {};
}

Result<void> parse_authority(std::string_view authority, Url& url) {
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    url.userinfo = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  return parse_host_and_port(authority, url);
}

}  // namespace

std::string Url::host_and_port() const {
  const std::string shown = is_ipv6_literal() ? "[" + host + "]" : host;
  return shown + ":" + std::to_string(port);
}

std::string Url::origin() const {
  return scheme + "://" + host_and_port();
}

std::string Url::redacted() const {
  return origin() + path;
}

bool is_ip_address(const std::string& host) {
  in6_addr address;
  return inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

Result<Url> parse_url(std::string_view text) {
  if (text.size() > kUrlBytesMax) return invalid("longer than 8192 bytes");
  if (has_forbidden_byte(text)) return invalid("contains a space, control or non-ASCII byte");
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return invalid("no scheme (expected http:// or https://)");
  Url url;
  url.scheme = to_lower(text.substr(0, colon));
  const auto port = default_port(url.scheme);
  if (!port) return invalid("unsupported scheme " + quote_bounded(url.scheme));
  url.port = *port;
  text.remove_prefix(colon + 3);
  text = text.substr(0, text.find('#'));
  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  if (auto parsed = parse_authority(text.substr(0, end), url); !parsed) return parsed.error();
  const std::string_view rest = text.substr(end);
  const std::size_t question = rest.find('?');
  url.path = rest.substr(0, question);
  if (url.path.empty()) url.path = "/";
  if (question != std::string_view::npos) url.query = rest.substr(question + 1);
  return url;
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

Result<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return Error{ErrorCode::kMalformed, "cut percent escape"};
    const auto high = hex_digit(text[i + 1]);
    const auto low = hex_digit(text[i + 2]);
    if (!high || !low) return Error{ErrorCode::kMalformed, "bad percent escape"};
    out += static_cast<char>((*high << 4) | *low);
    i += 2;
  }
  return out;
}

}  // namespace lookout::http
