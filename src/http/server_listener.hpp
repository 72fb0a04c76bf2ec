// One listening socket: opened, bound, accepting until closed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"

#include "src/http/server_beast.hpp"

namespace lookout::http {

// Pause after a failed accept: out of file descriptors stays so for a while.
inline constexpr std::chrono::milliseconds kAcceptPause{100};

class Listener {
 public:
  using OnAccepted = std::function<void(tcp::socket)>;

  // `address` as in Server::create, with its errors. `on_accepted` runs on io's thread.
  static Result<std::unique_ptr<Listener>> create(net::io_context& io, std::string_view address,
                                                  OnAccepted on_accepted);

  void accept();
  void close();
  // "127.0.0.1:9104", "[::]:9104", with the real port.
  const std::string& address() const { return address_; }

 private:
  Listener(tcp::acceptor acceptor, OnAccepted on_accepted);

  tcp::acceptor acceptor_;
  net::steady_timer pause_;
  const OnAccepted on_accepted_;
  const std::string address_;
};

}  // namespace lookout::http
