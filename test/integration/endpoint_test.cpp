// The gate of the metrics addresses from socket to socket: a real server asks a scripted API
// server through the real client, while many ask at once.
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

#include "lookout/http/beast_transport.hpp"
#include "lookout/http/cluster_transport.hpp"
#include "lookout/http/server.hpp"
#include "lookout/kube/access_review.hpp"
#include "lookout/web/authentication.hpp"

#include "test/fakes/raw_server.hpp"

namespace lookout::integration {
namespace {

using fakes::RawConnection;
using fakes::RawServer;

// Answers reviews: tokens "known-N" are users, of whom even ones may get /metrics.
class ReviewServer {
 public:
  std::atomic<int> reviews{0};
  std::atomic<int> failures_left{0};  // connections closed in place of an answer
  std::atomic<bool> silent{false};

  RawServer::Script script() {
    return [this](RawConnection& connection) {
      while (answer(connection)) {
      }
    };
  }

 private:
  static std::string field(const std::string& text, const std::string& before) {
    const std::size_t at = text.find(before);
    if (at == std::string::npos) return "";
    const std::size_t begin = at + before.size();
    return text.substr(begin, text.find('"', begin) - begin);
  }

  static std::string verdict(const std::string& head, const std::string& body) {
    if (head.find("POST /apis/authentication.k8s.io/v1/tokenreviews ") == 0) {
      const std::string token = field(body, R"("token":")");
      if (!token.starts_with("known-")) return R"({"status":{}})";
      return R"({"status":{"authenticated":true,"user":{"username":"user-)" + token.substr(6) +
             R"("}}})";
    }
    const std::string user = field(body, R"("user":")");
    const bool even = !user.empty() && (user.back() - '0') % 2 == 0;
    const bool allowed = even && field(body, R"("path":")") == "/metrics";
    return allowed ? R"({"status":{"allowed":true}})" : R"({"status":{"allowed":false}})";
  }

  bool answer(RawConnection& connection) {
    const std::string head = connection.read_head();
    if (head.empty()) return false;
    const std::string_view name = "Content-Length:";
    const std::size_t length = head.find(name);
    if (length == std::string::npos) return false;
    const std::string body = connection.read_exactly(std::stoul(head.substr(length + name.size())));
    ++reviews;
    if (failures_left.fetch_sub(1) > 0) return false;
    if (silent) {
      connection.wait_until_closed();
      return false;
    }
    return connection.write(fakes::plain_answer(verdict(head, body)));
  }
};

struct Endpoint {
  Endpoint() {
    kube::ClusterConfig config;
    config.server = http::parse_url(api.url()).value();
    client = kube::ApiClient::create(config, http::create_cluster_transport, clock).value();
    reviewer.emplace(*client, std::vector<std::string>(), clock);
    web::AuthenticationSources sources;
    sources.reviews.token = [this](const std::string& token, std::stop_token stop) {
      return reviewer->review_token(token, std::move(stop));
    };
    sources.reviews.access = [this](const kube::UserInfo& user, const kube::PathAccess& access,
                                    std::stop_token stop) {
      return reviewer->review_access(user, access, std::move(stop));
    };
    authentication.emplace(std::move(sources), clock);
    http::ServerOptions options;
    options.gate = authentication->gate();
    const auto handler = [](const http::ServerRequest&) { return http::ServerResponse(); };
    server = http::Server::create("test", {"127.0.0.1:0"}, handler, options).value();
  }
  ~Endpoint() {
    authentication->stop();
    server->stop();
  }

  // 0: no answer came.
  int status(const std::string& token, const std::string& path = "/metrics") const {
    struct Sink final : http::BodySink {
      Result<void> on_head(const http::ResponseHead& head) override {
        status = head.status;
        return {};
      }
      Result<void> on_body(std::string_view) override { return {}; }
      int status = 0;
    } sink;
    const http::Url origin = http::parse_url("http://" + server->addresses().front()).value();
    const auto transport = http::create_beast_transport({origin, {}, {}}).value();
    http::Request request;
    request.target = path;
    request.headers.add("Authorization", "Bearer " + token);
    const auto sent = transport->send(request, sink, {});
    return sent ? sink.status : 0;
  }

  ReviewServer reviews;
  RawServer api{reviews.script()};
  const SystemClock clock;
  std::unique_ptr<kube::ApiClient> client;
  std::optional<kube::AccessReviewer> reviewer;
  std::optional<web::Authentication> authentication;
  std::unique_ptr<http::Server> server;
};

}  // namespace

TEST_CASE("endpoint: many ask at once, each gets its own verdict") {
  Endpoint endpoint;
  std::atomic<int> wrong{0};
  const auto ask = [&](const std::string& token, const std::string& path, int expected) {
    for (int i = 0; i < 10; ++i) {
      if (endpoint.status(token, path) != expected) ++wrong;
    }
  };
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 4; ++i) {
      const std::string known = "known-" + std::to_string(i);
      clients.emplace_back(ask, known, "/metrics", i % 2 == 0 ? 200 : 403);
      clients.emplace_back(ask, known, "/charts", 403);
      clients.emplace_back(ask, "unknown-" + std::to_string(i), "/metrics", 401);
      clients.emplace_back(ask, "unknown-" + std::to_string(i), "/healthz", 200);
    }
  }
  CHECK(wrong == 0);
  // Eight tokens, of which four are users who want two paths each.
  CHECK(endpoint.reviews.reviews == 16);
}

TEST_CASE("endpoint: an API server that hangs up is asked again") {
  Endpoint endpoint;
  endpoint.reviews.failures_left = 1;
  CHECK(endpoint.status("known-0") == 200);
  CHECK(endpoint.reviews.reviews == 3);
}

TEST_CASE("endpoint: stopping waits for no API server") {
  Endpoint endpoint;
  endpoint.reviews.silent = true;
  std::atomic<int> status{-1};
  std::jthread client([&] { status = endpoint.status("known-0"); });
  while (endpoint.reviews.reviews == 0) std::this_thread::yield();
  const auto began = std::chrono::steady_clock::now();
  endpoint.authentication->stop();
  endpoint.server->stop();
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(3));
  client.join();
  CHECK((status == 503 || status == 0));
}

}  // namespace lookout::integration
