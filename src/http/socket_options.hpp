// Sockets that notice half-open peers: a node that dies or a firewall that forgets
// sends nothing, and a watch would wait for ever.
#pragma once

namespace lookout::http {

// First probe after 15 s of silence, then 6 probes 5 s apart: dead after 45 s.
// Unacknowledged bytes: dead after 30 s.
inline constexpr int kKeepaliveIdleSeconds = 15;
inline constexpr int kKeepaliveIntervalSeconds = 5;
inline constexpr int kKeepaliveProbes = 6;
inline constexpr int kTcpUserTimeoutMilliseconds = 30'000;

// `socket`: of TCP. A refused option only costs the earlier notice; the idle time-out holds.
void notice_half_open_peer(int socket);

}  // namespace lookout::http
