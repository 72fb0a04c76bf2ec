#include "lookout/http/server.hpp"

#include <pthread.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "lookout/base/log.hpp"

#include "src/http/server_listener.hpp"
#include "src/http/server_session.hpp"

namespace lookout::http {
namespace {

// Connections over connections_max that are told so at one time; more are closed unheard.
constexpr std::size_t kRefusalsMax = 16;

constexpr std::size_t kThreadNameBytesMax = 15;  // pthread_setname_np(3)

}  // namespace

// Constant while the thread runs: context (its stats are atomic), listeners.
// The thread's own: sessions, refusals, stopping, drain_timer.
struct Server::State {
  SessionContext context;
  net::io_context io{1};
  const std::shared_ptr<Inbox> inbox = std::make_shared<Inbox>(io);
  std::set<std::shared_ptr<Session>> sessions;
  std::set<std::shared_ptr<Session>> refusals;
  bool stopping = false;
  net::steady_timer drain_timer{io};
  net::steady_timer follow_timer{io};
  std::vector<std::unique_ptr<Listener>> listeners;
  std::thread thread;
  std::once_flag stopped;

  Result<void> listen(const std::vector<std::string>& addresses);
  Result<void> start(std::string thread_name);
  void follow_files(std::chrono::milliseconds period);
  void add(tcp::socket socket);
  bool make_room();
  void relieve(std::size_t held_bytes_max);
  void remove(const std::shared_ptr<Session>& session);
  void drain();
  void close_all();
};

Result<void> Server::State::listen(const std::vector<std::string>& addresses) {
  for (const std::string& address : addresses) {
    auto listener =
        Listener::create(io, address, [this](tcp::socket socket) { add(std::move(socket)); });
    if (!listener) return listener.error();
    listeners.push_back(*std::move(listener));
    listeners.back()->accept();
  }
  return {};
}

Result<void> Server::State::start(std::string thread_name) {
  thread_name.resize(std::min(thread_name.size(), kThreadNameBytesMax));
  try {
    thread = std::thread([this, name = std::move(thread_name)] {
      pthread_setname_np(pthread_self(), name.c_str());
      try {
        io.run();
      } catch (const std::exception& error) {
        log::error("server thread failed", {{"thread", name}, {"error", error.what()}});
        std::_Exit(EXIT_FAILURE);
      }
    });
  } catch (const std::system_error& error) {
    return Error{ErrorCode::kUnavailable, std::string("server thread: ") + error.what()};
  }
  return {};
}

void Server::State::follow_files(std::chrono::milliseconds period) {
  follow_timer.expires_after(period);
  follow_timer.async_wait([this, period](const error_code& cancelled) {
    if (cancelled || stopping) return;
    context.identity->follow();
    follow_files(period);
  });
}

void Server::State::add(tcp::socket socket) {
  const bool refused = !make_room();
  if (refused) context.stats.refused_connections.add();
  // To be told over TLS costs a handshake.
  if (refused && (context.identity || refusals.size() >= kRefusalsMax)) return;
  const auto session = std::make_shared<Session>(std::move(socket), context,
                                                 [this](const auto& closed) { remove(closed); });
  (refused ? refusals : sessions).insert(session);
  if (!refused) return session->serve();
  session->refuse({503, "too many connections"});
}

// Whoever holds connections open without asking, or without reading, must not keep others out.
bool Server::State::make_room() {
  if (sessions.size() < context.limits.connections_max) return true;
  const auto now = Session::Clock::now();
  std::shared_ptr<Session> first;
  for (const auto& session : sessions) {
    const auto mine = session->dispensable(now);
    if (mine && (first == nullptr || *mine < *first->dispensable(now))) first = session;
  }
  if (first == nullptr) return false;
  first->give_way();
  return true;
}

// Slow readers must not fill the memory with the snapshots that they were promised.
void Server::State::relieve(std::size_t held_bytes_max) {
  std::multimap<Session::Clock::time_point, std::shared_ptr<Session>> writing;
  for (const auto& session : sessions) {
    if (const auto since = session->writing_since()) writing.emplace(*since, session);
  }
  for (const auto& [since, session] : writing) {
    if (context.held.bytes() <= held_bytes_max) return;
    session->give_way();
  }
}

void Server::State::remove(const std::shared_ptr<Session>& session) {
  sessions.erase(session);
  refusals.erase(session);
  if (stopping && sessions.empty()) drain_timer.cancel();
}

void Server::State::drain() {
  stopping = true;
  follow_timer.cancel();
  for (const auto& listener : listeners) listener->close();
  for (const auto& session : std::set(refusals)) session->close();
  for (const auto& session : std::set(sessions)) session->drain();
  if (sessions.empty()) return;
  drain_timer.expires_after(context.limits.drain_timeout);
  drain_timer.async_wait([this](const error_code& cancelled) {
    if (!cancelled) close_all();
  });
}

void Server::State::close_all() {
  for (const auto& session : std::set(sessions)) session->close();
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() {
  stop();
}

Result<std::unique_ptr<Server>> Server::create(std::string_view thread_name,
                                               const std::vector<std::string>& addresses,
                                               Handler handler, ServerOptions options) {
  auto state = std::make_unique<State>();
  SessionContext& context = state->context;
  context.handler = std::move(handler);
  context.gate = std::move(options.gate);
  context.inbox = state->inbox;
  context.limits = options.limits;
  context.relieve = [raw = state.get()](std::size_t most) { raw->relieve(most); };
  if (options.tls) {
    auto identity = ServerIdentity::create(*options.tls, context.stats);
    if (!identity) return identity.error();
    context.identity = std::move(*identity);
    state->follow_files(options.tls->check_period);
  }
  if (auto listening = state->listen(addresses); !listening) return listening.error();
  if (auto started = state->start(std::string(thread_name)); !started) return started.error();
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

std::vector<std::string> Server::addresses() const {
  std::vector<std::string> out;
  for (const auto& listener : state_->listeners) out.push_back(listener->address());
  return out;
}

void Server::stop() {
  std::call_once(state_->stopped, [this] {
    net::post(state_->io, [this] { state_->drain(); });
    state_->thread.join();
    state_->inbox->close();
  });
}

const ServerStats& Server::stats() const {
  return state_->context.stats;
}

}  // namespace lookout::http
