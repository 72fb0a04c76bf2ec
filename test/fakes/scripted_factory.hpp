// An http::TransportFactory over scripts, one an origin: for everything that makes its own
// transports. Transports to one origin share its script.
//
//   ScriptedFactory network;
//   network.at("https://sts.eu-west-1.amazonaws.com:443").add({.body = {"<...>"}});
//   CredentialsProvider provider(options, network.factory(), clock);
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lookout/base/mutex.hpp"
#include "lookout/http/transport.hpp"

#include "test/fakes/scripted_transport.hpp"

namespace lookout::fakes {

// Thread-safe. Outlives its factories and their transports.
class ScriptedFactory {
 public:
  // `origin` as Url::origin writes it, with the port. An origin without a script answers nothing:
  // kUnavailable.
  ScriptedTransport& at(const std::string& origin) EXCLUDES(mutex_);

  http::TransportFactory factory();

  // What was asked for, in order.
  std::vector<http::TransportOptions> made() const EXCLUDES(mutex_);
  // Over all scripts: steps that nobody took, requests that no step was for.
  std::size_t steps_left() const EXCLUDES(mutex_);
  std::size_t mismatches() const EXCLUDES(mutex_);

 private:
  std::unique_ptr<http::Transport> make(http::TransportOptions options) EXCLUDES(mutex_);

  mutable Mutex mutex_;
  std::map<std::string, std::unique_ptr<ScriptedTransport>> scripts_ GUARDED_BY(mutex_);
  std::vector<http::TransportOptions> made_ GUARDED_BY(mutex_);
};

}  // namespace lookout::fakes
