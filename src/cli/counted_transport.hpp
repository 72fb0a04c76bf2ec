// Transports that say how many body bytes have come: progress for people.
#pragma once

#include <cstddef>
#include <functional>

#include "lookout/http/transport.hpp"

namespace lookout::cli {

// Called with the size of each piece, on threads of the backend; outlived by the transports.
using OnBytes = std::function<void(std::size_t)>;

http::TransportFactory counted(http::TransportFactory create, OnBytes on_bytes);

}  // namespace lookout::cli
