#include "src/http/server_listener.hpp"

#include <fcntl.h>

#include <sstream>
#include <utility>

#include "lookout/base/log.hpp"

#include "src/http/server_address.hpp"

namespace lookout::http {
namespace {

// Exec credential plugins must not inherit sockets: Asio 1.74 sets no SOCK_CLOEXEC.
void close_on_exec(int socket) {
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);
}

error_code listen_on(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, bool dual_stack) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (error) return error;
  close_on_exec(acceptor.native_handle());
  acceptor.set_option(net::socket_base::reuse_address(true), error);
  if (!error && dual_stack) acceptor.set_option(net::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error) {
    error_code ignored;
    acceptor.close(ignored);
  }
  return error;
}

bool is_ipv6_missing(const error_code& error) {
  return error == net::error::address_family_not_supported ||
         error == boost::system::errc::address_not_available ||
         error == boost::system::errc::protocol_not_supported;
}

error_code listen_on_all(tcp::acceptor& acceptor, std::uint16_t port) {
  const error_code error = listen_on(acceptor, {tcp::v6(), port}, true);
  return is_ipv6_missing(error) ? listen_on(acceptor, {tcp::v4(), port}, false) : error;
}

std::string real_address(const tcp::acceptor& acceptor) {
  error_code ignored;  // a bound socket has an endpoint
  std::ostringstream text;
  text << acceptor.local_endpoint(ignored);
  return text.str();
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::create(net::io_context& io, std::string_view address,
                                                   OnAccepted on_accepted) {
  const Result<ListenAddress> parsed = parse_listen_address(address);
  if (!parsed) return parsed.error();
  tcp::acceptor acceptor(io);
  error_code error;
  if (parsed->host.empty()) {
    error = listen_on_all(acceptor, parsed->port);
  } else {
    const net::ip::address ip = net::ip::make_address(parsed->host, error);
    if (error) return Error{ErrorCode::kInvalid, "address " + std::string(address) + ": not an IP"};
    error = listen_on(acceptor, {ip, parsed->port}, false);
  }
  if (error) {
    return Error{ErrorCode::kUnavailable,
                 "listen " + std::string(address) + ": " + error.message()};
  }
  return std::unique_ptr<Listener>(new Listener(std::move(acceptor), std::move(on_accepted)));
}

Listener::Listener(tcp::acceptor acceptor, OnAccepted on_accepted)
    : acceptor_(std::move(acceptor)),
      pause_(acceptor_.get_executor()),
      on_accepted_(std::move(on_accepted)),
      address_(real_address(acceptor_)) {}

void Listener::accept() {
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
    if (!acceptor_.is_open()) return;
    if (!error) {
      close_on_exec(socket.native_handle());
      error_code ignored;  // latency only
      socket.set_option(tcp::no_delay(true), ignored);
      on_accepted_(std::move(socket));
      return accept();
    }
    log::warn("accept failed", {{"address", address_}, {"error", error.message()}});
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](const error_code& cancelled) {
      if (!cancelled && acceptor_.is_open()) accept();
    });
  });
}

void Listener::close() {
  error_code ignored;  // closing is all that is left to do
  acceptor_.close(ignored);
  pause_.cancel(ignored);
}

}  // namespace lookout::http
