// The bytes of one connection: as they come, or through TLS once it is secured. Models
// Beast's AsyncReadStream and AsyncWriteStream.
#pragma once

#include <utility>
#include <variant>

#include "src/http/server_beast.hpp"

namespace lookout::http {

class Stream {
 public:
  using Tls = net::ssl::stream<tcp::socket>;
  using executor_type = tcp::socket::executor_type;

  explicit Stream(tcp::socket socket)
      : layers_(std::in_place_type<tcp::socket>, std::move(socket)) {}

  executor_type get_executor() { return socket().get_executor(); }

  tcp::socket& socket() {
    Tls* const secured = tls();
    return secured != nullptr ? secured->next_layer() : std::get<tcp::socket>(layers_);
  }

  // nullptr while plain.
  Tls* tls() { return std::get_if<Tls>(&layers_); }

  // Once, with nothing under way. Throws boost::system::system_error when out of memory; the
  // socket is closed then.
  Tls& secure(net::ssl::context& context) {
    tcp::socket socket = std::move(std::get<tcp::socket>(layers_));
    const executor_type executor = socket.get_executor();
    try {
      return layers_.emplace<Tls>(std::move(socket), context);
    } catch (...) {
      layers_.emplace<tcp::socket>(executor);  // a variant without a value has no socket()
      throw;
    }
  }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    std::visit([&](auto& layer) { layer.async_read_some(buffers, std::forward<Handler>(handler)); },
               layers_);
  }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    std::visit(
        [&](auto& layer) { layer.async_write_some(buffers, std::forward<Handler>(handler)); },
        layers_);
  }

 private:
  std::variant<tcp::socket, Tls> layers_;
};

}  // namespace lookout::http
