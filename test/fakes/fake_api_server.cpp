#include "test/fakes/fake_api_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <list>
#include <optional>
#include <thread>

#include "test/fakes/api_session.hpp"
#include "test/fakes/certificate_authority.hpp"

namespace lookout::fakes {
namespace {

// The connection is the thread's own, so that its end is the peer's end at once.
struct Session {
  std::weak_ptr<Connection> connection;
  std::atomic<bool> done{false};
  std::thread thread;
};

// OpenSSL writes without MSG_NOSIGNAL.
void ignore_broken_pipes() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Result<int> listen_on_loopback(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(descriptor, SOMAXCONN) != 0) {
    const std::string reason = std::strerror(errno);
    ::close(descriptor);
    return Error{ErrorCode::kUnavailable,
                 "listen 127.0.0.1:" + std::to_string(port) + ": " + reason};
  }
  return descriptor;
}

std::uint16_t bound_port(int descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace

struct FakeApiServer::State {
  State(FakeApiServerOptions options, int descriptor)
      : context(std::move(options)), listener(descriptor), port(bound_port(descriptor)) {
    if (context.options.tls) {
      const CertificateAuthority authority("fake cluster CA");
      ca_pem = authority.ca_pem();
      tls.emplace(authority.issue());
    }
    acceptor = std::thread([this] { accept_all(); });
  }
  ~State() { stop(); }

  void accept_all();
  void accept_one();
  void reap() LOCKED(mutex);
  void drop(Hangup how);
  void stop();

  ServerContext context;
  const int listener;
  const std::uint16_t port;
  std::string ca_pem;
  std::optional<TlsContext> tls;
  Waker waker;
  std::atomic<bool> stopping{false};
  mutable Mutex mutex;
  std::list<Session> sessions GUARDED_BY(mutex);
  std::thread acceptor;
};

void FakeApiServer::State::accept_all() {
  while (!stopping) {
    std::array<pollfd, 2> fds{{{listener, POLLIN, 0}, {waker.descriptor(), POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), -1) > 0 && fds[0].revents != 0) accept_one();
  }
}

void FakeApiServer::State::accept_one() {
  const int descriptor = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  if (descriptor < 0) return;
  MutexLock lock(mutex);
  reap();
  if (sessions.size() >= context.options.connections_max) {
    ::close(descriptor);
    return;
  }
  auto connection = std::make_shared<Connection>(descriptor, tls ? &*tls : nullptr);
  Session& session = sessions.emplace_back();
  session.connection = connection;
  session.thread = std::thread([this, &session, mine = std::move(connection)]() mutable {
    ignore_broken_pipes();
    serve_connection(context, *mine);
    mine.reset();
    session.done = true;
  });
}

void FakeApiServer::State::reap() {
  for (auto it = sessions.begin(); it != sessions.end();) {
    if (it->done) {
      it->thread.join();
      it = sessions.erase(it);
    } else {
      ++it;
    }
  }
}

void FakeApiServer::State::drop(Hangup how) {
  MutexLock lock(mutex);
  for (Session& session : sessions) {
    if (const auto connection = session.connection.lock()) connection->stop(how);
  }
}

void FakeApiServer::State::stop() {
  if (stopping.exchange(true)) return;
  waker.wake();
  acceptor.join();
  ::close(listener);
  drop(Hangup::kFin);
  MutexLock lock(mutex);
  for (Session& session : sessions) session.thread.join();
  sessions.clear();
}

FakeApiServer::FakeApiServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
FakeApiServer::~FakeApiServer() = default;

Result<std::unique_ptr<FakeApiServer>> FakeApiServer::start(FakeApiServerOptions options) {
  const Result<int> descriptor = listen_on_loopback(options.port);
  if (!descriptor) return descriptor.error();
  return std::unique_ptr<FakeApiServer>(
      new FakeApiServer(std::make_unique<State>(std::move(options), *descriptor)));
}

std::uint16_t FakeApiServer::port() const {
  return state_->port;
}

std::string FakeApiServer::origin() const {
  return (state_->tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port());
}

const std::string& FakeApiServer::ca_pem() const {
  return state_->ca_pem;
}
ObjectStore& FakeApiServer::store() {
  return *state_->context.store;
}
RequestLog& FakeApiServer::log() {
  return state_->context.log;
}

void FakeApiServer::inject(RequestMatcher matcher, Fault fault) {
  state_->context.faults.add(std::move(matcher), std::move(fault));
}

void FakeApiServer::clear_faults() {
  state_->context.faults.clear();
}

void FakeApiServer::set_bearer_token(std::string token) {
  state_->context.set_bearer_token(std::move(token));
}

void FakeApiServer::drop_connections(Hangup how) {
  state_->drop(how);
}

std::size_t FakeApiServer::connections() const {
  MutexLock lock(state_->mutex);
  return static_cast<std::size_t>(
      std::count_if(state_->sessions.begin(), state_->sessions.end(),
                    [](const Session& session) { return !session.done; }));
}

std::size_t FakeApiServer::open_watches() const {
  return state_->context.open_watches;
}

void FakeApiServer::stop() {
  state_->stop();
}

}  // namespace lookout::fakes
