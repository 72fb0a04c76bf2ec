#include "test/fakes/scripted_resolver.hpp"
#include "test/repository/fault_table.hpp"

namespace lookout::repository {
namespace {

using namespace std::chrono_literals;
using Type = ScanErrorType;

Fault elsewhere(const std::string& kind, const std::string& origin, Type type) {
  return {.kind = kind,
          .ways = kEveryKind,
          .script = nullptr,
          .error = type,
          .requests_s3 = 3,
          .waits_max = 150ms,
          .detour = origin};
}

Fault handshake(const std::string& kind, const FaultScript& script, Type type = Type::kTls) {
  return {.kind = "TLS: " + kind,
          .ways = {Way::kHttps},
          .script = script,
          .error = type,
          .part = Part::kHandshake};
}

Fault slow_name() {
  Fault fault = elsewhere("DNS that never answers", "http://" + std::string(fakes::kSlowName),
                          Type::kTimeout);
  fault.ways = {Way::kHttp};
  fault.stalls = true;
  return fault;
}

Fault silent_handshake() {
  Fault fault = handshake("silence in the handshake", silence(), Type::kTimeout);
  fault.stalls = true;
  return fault;
}

}  // namespace

const std::vector<Fault>& network_faults() {
  static const std::vector<Fault> kRows = {
      // Nobody listens on a port that none but root may bind, in a test's machine.
      elsewhere("connection refused", "http://127.0.0.1:1", Type::kConnect),
      elsewhere("DNS that knows no such name", "http://" + std::string(fakes::kUnknownName),
                Type::kDns),
      slow_name(),
      handshake("unknown authority", strange_certificate()),
      handshake("expired certificate", certificate({.validity = fakes::Validity::kExpired})),
      handshake("certificate of tomorrow", certificate({.validity = fakes::Validity::kNotYet})),
      handshake("certificate of another host",
                certificate({.subject_alt_name = "DNS:other.example"})),
      handshake("certificate for clients", certificate({.usage = "clientAuth"})),
      handshake("client certificate wanted", certificate({}, true)),
      handshake("plain text", bytes("HTTP/1.1 400 Bad Request\r\n\r\n")),
      handshake("closed in the handshake", bytes("")),
      silent_handshake(),
  };
  return kRows;
}

}  // namespace lookout::repository
