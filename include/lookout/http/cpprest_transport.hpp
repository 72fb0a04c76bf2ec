// The cpprestsdk backend of Transport: trusted peers with long streams, that is
// API servers. It buffers a whole HTTP chunk and unbounded headers, so it is never
// pointed at hosts that may be hostile.
#pragma once

#include <memory>

#include "lookout/http/transport.hpp"

namespace lookout::http {

// Call once, first thing in main: sizes cpprestsdk's thread pool (its default of
// 40 threads is slower and larger; ARCHITECTURE.md, "Two HTTP clients"), and leaves it no
// certificates of the system to read.
void start_cpprest_io(std::size_t threads = 2);

// Success when cpprestsdk can talk to this peer; otherwise kInvalid
// with one line that names what it cannot do (IPv6 literal, socks5 or https proxy,
// tls-server-name).
Result<void> cpprest_supports(const TransportOptions& options);

// kInvalid: unsupported options (above) or PEM text that OpenSSL refuses.
Result<std::unique_ptr<Transport>> create_cpprest_transport(TransportOptions options);

}  // namespace lookout::http
