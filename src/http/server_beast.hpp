// The server's door to Boost.Beast and Asio: include order and short names.
#pragma once

// clang-format off
// <boost/asio/awaitable.hpp> of 1.74 uses std::exchange without including this.
#include <utility>
#include <boost/asio.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http.hpp>
// clang-format on

namespace lookout::http {

namespace net = boost::asio;
namespace beast_http = boost::beast::http;
using boost::system::error_code;
using tcp = net::ip::tcp;

}  // namespace lookout::http
