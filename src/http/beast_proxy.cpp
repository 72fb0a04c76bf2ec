#include "src/http/beast_proxy.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/encoding/base64.hpp"

#include "src/http/beast_response.hpp"
#include "src/http/beast_socks.hpp"

namespace lookout::http {
namespace {

constexpr std::size_t kConnectHeaderBytesMax = 16 * 1024;

Error invalid(const char* why) {
  return {ErrorCode::kInvalid, std::string("proxy: ") + why};
}

Error unavailable(std::string why) {
  return {ErrorCode::kUnavailable, std::move(why)};
}

class StatusOnly final : public BodySink {
 public:
  Result<void> on_head(const ResponseHead& head) override {
    status = head.status;
    return {};
  }
  Result<void> on_body(std::string_view) override { return {}; }
  int status = 0;
};

std::string connect_request(const Proxy& proxy, const Url& origin) {
  const std::string authority = origin.host_and_port();
  std::string text = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
  if (proxy.has_credentials()) {
    text += "Proxy-Authorization: " + proxy.basic_authorization() + "\r\n";
  }
  return text + "\r\n";
}

Result<void> connect_through(Wire& wire, const Proxy& proxy, const Url& origin,
                             const Patience& patience) {
  if (auto sent = wire.write(connect_request(proxy, origin), patience); !sent) return sent;
  StatusOnly answer;
  // Like a HEAD's, the answer ends with its header: what follows is the origin's.
  ResponseReader reader(answer, Method::kHead, kConnectHeaderBytesMax);
  std::array<char, kConnectHeaderBytesMax> bytes;
  std::size_t held = 0;
  while (!reader.done()) {
    if (held == bytes.size()) return unavailable("answer is too long");
    const auto more = wire.read_some(bytes.data() + held, bytes.size() - held, patience);
    if (!more) return more.error();
    if (*more == 0) return unavailable("peer closed the connection early");
    held += *more;
    const auto used = reader.feed({bytes.data(), held});
    if (!used) return used.error();
    held -= *used;
    std::copy_n(bytes.data() + *used, held, bytes.data());
  }
  if (answer.status / 100 != 2) return unavailable("answered " + std::to_string(answer.status));
  // The origin's turn to speak comes after ours, with TLS.
  return held == 0 ? Result<void>() : unavailable("sent more than its answer");
}

}  // namespace

std::string Proxy::basic_authorization() const {
  return "Basic " + encoding::base64_encode(user + ":" + password);
}

Result<Proxy> create_proxy(Url url, const Url& origin) {
  constexpr std::array<std::string_view, 4> kSchemes = {"http", "https", "socks5", "socks5h"};
  if (std::find(kSchemes.begin(), kSchemes.end(), url.scheme) == kSchemes.end()) {
    return invalid("its scheme is none of http, https, socks5, socks5h");
  }
  const std::string_view userinfo = url.userinfo;
  const std::size_t colon = std::min(userinfo.find(':'), userinfo.size());
  auto user = percent_decode(userinfo.substr(0, colon));
  auto password = percent_decode(userinfo.substr(std::min(colon + 1, userinfo.size())));
  if (!user || !password) return invalid("bad escape in the user");
  Proxy proxy{std::move(url), std::move(*user), std::move(*password)};
  if (!proxy.is_socks()) return proxy;
  if (std::max({proxy.user.size(), proxy.password.size(), origin.host.size()}) > kSocksTextMax) {
    return invalid("socks5 carries no user, password or host over 255 bytes");
  }
  return proxy;
}

Result<void> open_tunnel(Wire& wire, const Proxy& proxy, const Url& origin,
                         const Patience& patience) {
  return proxy.is_socks() ? socks_connect(wire, proxy, origin, patience)
                          : connect_through(wire, proxy, origin, patience);
}

}  // namespace lookout::http
