#include "src/http/beast_socks.hpp"

#include <arpa/inet.h>

#include <array>

namespace lookout::http {
namespace {

constexpr char kVersion = 5;
constexpr char kNoAuthentication = 0;
constexpr char kByPassword = 2;
constexpr char kPasswordVersion = 1;
constexpr char kConnect = 1;
constexpr char kIpv4 = 1;
constexpr char kName = 3;
constexpr char kIpv6 = 4;

// RFC 1928 section 6, REP.
constexpr std::array<std::string_view, 9> kReplies = {
    "succeeded",           "general failure",       "not allowed by its rules",
    "network unreachable", "host unreachable",      "connection refused",
    "TTL expired",         "command not supported", "address type not supported"};

Error unavailable(std::string why) {
  return {ErrorCode::kUnavailable, std::move(why)};
}

std::string with_length(const std::string& text) {
  return static_cast<char>(text.size()) + text;
}

std::string address_of(const Url& origin) {
  std::array<char, sizeof(in6_addr)> bytes{};
  if (inet_pton(AF_INET, origin.host.c_str(), bytes.data()) == 1) {
    return kIpv4 + std::string(bytes.data(), sizeof(in_addr));
  }
  if (inet_pton(AF_INET6, origin.host.c_str(), bytes.data()) == 1) {
    return kIpv6 + std::string(bytes.data(), bytes.size());
  }
  return kName + with_length(origin.host);
}

std::string connect_message(const Url& origin) {
  return std::string{kVersion, kConnect, 0} + address_of(origin) +
         static_cast<char>(origin.port >> 8) + static_cast<char>(origin.port & 0xff);
}

// Never reads a byte too many: the next ones may be the origin's.
Result<std::string> read_exactly(Wire& wire, std::size_t count, const Patience& patience) {
  std::string bytes(count, '\0');
  for (std::size_t held = 0; held < count;) {
    const auto more = wire.read_some(bytes.data() + held, count - held, patience);
    if (!more) return more.error();
    if (*more == 0) return unavailable("peer closed the connection early");
    held += *more;
  }
  return bytes;
}

Result<std::string> ask(Wire& wire, const std::string& message, std::size_t answer_size,
                        const Patience& patience) {
  if (auto sent = wire.write(message, patience); !sent) return sent.error();
  return read_exactly(wire, answer_size, patience);
}

Result<void> authenticate(Wire& wire, const Proxy& proxy, const Patience& patience) {
  const char method = proxy.has_credentials() ? kByPassword : kNoAuthentication;
  // Without a user nothing else is offered, as the proxy would then ask for one.
  const auto chosen = ask(wire, {kVersion, 1, method}, 2, patience);
  if (!chosen) return chosen.error();
  if ((*chosen)[0] != kVersion) return unavailable("speaks no SOCKS 5");
  if ((*chosen)[1] != method) {
    return unavailable(proxy.has_credentials() ? "takes no password" : "wants a password");
  }
  if (method == kNoAuthentication) return {};
  const auto verdict = ask(
      wire, kPasswordVersion + with_length(proxy.user) + with_length(proxy.password), 2, patience);
  if (!verdict) return verdict.error();
  return (*verdict)[1] == 0 ? Result<void>() : unavailable("refuses the user or password");
}

Error refused(unsigned char reply) {
  return unavailable(reply < kReplies.size() ? std::string(kReplies[reply])
                                             : "reply " + std::to_string(reply));
}

}  // namespace

Result<void> socks_connect(Wire& wire, const Proxy& proxy, const Url& origin,
                           const Patience& patience) {
  if (auto known = authenticate(wire, proxy, patience); !known) return known;
  const auto reply = ask(wire, connect_message(origin), 4, patience);
  if (!reply) return reply.error();
  if ((*reply)[0] != kVersion) return unavailable("speaks no SOCKS 5");
  if ((*reply)[1] != 0) return refused(static_cast<unsigned char>((*reply)[1]));
  // The address it connects from: of no use, but in the way.
  std::size_t rest = sizeof(in_addr);
  if ((*reply)[3] == kIpv6) rest = sizeof(in6_addr);
  if ((*reply)[3] == kName) {
    const auto length = read_exactly(wire, 1, patience);
    if (!length) return length.error();
    rest = static_cast<unsigned char>(length->front());
  }
  const auto bound = read_exactly(wire, rest + sizeof(in_port_t), patience);
  return bound ? Result<void>() : bound.error();
}

}  // namespace lookout::http
