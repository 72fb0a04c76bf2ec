#include "src/http/server_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "lookout/base/text.hpp"

namespace lookout::http {
namespace {

Error invalid(std::string_view text, std::string_view what) {
  return {ErrorCode::kInvalid, "address " + quote_bounded(text) + ": " + std::string(what)};
}

bool is_ipv4(const std::string& host) {
  in_addr parsed{};
  return inet_pton(AF_INET, host.c_str(), &parsed) == 1;
}

bool is_ipv6(const std::string& host) {
  in6_addr parsed{};
  return inet_pton(AF_INET6, host.substr(0, host.find('%')).c_str(), &parsed) == 1;
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return invalid(text, "no port, expected HOST:PORT or :PORT");
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
  if (!port) return invalid(text, "port is not a number from 0 to 65535");

  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  ListenAddress address{std::string(host), *port};
  if (address.host == "localhost" && !bracketed) address.host = "127.0.0.1";
  const bool any = address.host.empty() && !bracketed;
  if (any || (bracketed ? is_ipv6(address.host) : is_ipv4(address.host))) return address;
  return invalid(text, "host is neither an IP address (IPv6 in brackets) nor localhost");
}

}  // namespace lookout::http
