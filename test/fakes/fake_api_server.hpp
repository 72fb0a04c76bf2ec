// A small Kubernetes API server in memory, on loopback: LIST, WATCH, WatchList and GET
// of Secrets and ConfigMaps with the exact answers of API server 1.36, and a script of
// faults. Three uses: in-process for integration tests, as a program for benchmarks,
// and behind the sandbox.
// Thread-safe; one thread accepts, one more a connection.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lookout/base/result.hpp"

#include "test/fakes/connection.hpp"
#include "test/fakes/server_context.hpp"

namespace lookout::fakes {

class FakeApiServer {
 public:
  // kUnavailable when the port is in use.
  static Result<std::unique_ptr<FakeApiServer>> start(FakeApiServerOptions options = {});
  ~FakeApiServer();  // stops

  std::uint16_t port() const;
  std::string origin() const;         // "http://127.0.0.1:41234", no slash at the end
  const std::string& ca_pem() const;  // "" without TLS

  ObjectStore& store();
  void inject(RequestMatcher matcher, Fault fault);
  void clear_faults();
  void set_bearer_token(std::string token);
  RequestLog& log();

  // Closes every open connection, as a restart or a broken network does.
  void drop_connections(Hangup how);
  std::size_t connections() const;
  std::size_t open_watches() const;  // past their initial events
  // No more connections; open ones are closed. Idempotent.
  void stop();

 private:
  struct State;
  explicit FakeApiServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace lookout::fakes
