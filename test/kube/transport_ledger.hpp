// Lets a test keep the scripted transports that an ApiClient asks its factory for.
#pragma once

#include <memory>
#include <vector>

#include "lookout/kube/api_client.hpp"
#include "test/fakes/scripted_transport.hpp"

namespace lookout::kube {

class TransportLedger {
 public:
  // One transport with its script, and what it was asked for; the client shares them.
  struct Entry {
    http::TransportOptions options;
    std::shared_ptr<fakes::ScriptedTransport> transport;
  };

  // What every transport made from now on begins its script with.
  void script(std::vector<fakes::ScriptedResponse> responses) { script_ = std::move(responses); }
  // The next transports are refused, as OpenSSL refuses bad PEM.
  void refuse(bool refused) { refused_ = refused; }

  ApiClient::TransportFactory factory() {
    return [this](const http::TransportOptions& options) { return make(options); };
  }
  const std::vector<Entry>& made() const { return made_; }
  fakes::ScriptedTransport& last() { return *made_.back().transport; }

 private:
  class Forwarding final : public http::Transport {
   public:
    explicit Forwarding(std::shared_ptr<fakes::ScriptedTransport> to) : to_(std::move(to)) {}
    Result<void> send(const http::Request& request, http::BodySink& sink,
                      std::stop_token stop) override {
      return to_->send(request, sink, std::move(stop));
    }

   private:
    const std::shared_ptr<fakes::ScriptedTransport> to_;
  };

  Result<std::unique_ptr<http::Transport>> make(const http::TransportOptions& options) {
    if (refused_) return Error{ErrorCode::kInvalid, "tls: bad PEM"};
    auto transport = std::make_shared<fakes::ScriptedTransport>();
    for (const auto& response : script_) transport->add(response);
    made_.push_back({options, transport});
    return std::unique_ptr<http::Transport>(std::make_unique<Forwarding>(transport));
  }

  std::vector<fakes::ScriptedResponse> script_;
  bool refused_ = false;
  std::vector<Entry> made_;
};

// Keeps what it is given.
struct CollectingSink final : http::BodySink {
  Result<void> on_head(const http::ResponseHead& head) override {
    status = head.status;
    return {};
  }
  Result<void> on_body(std::string_view bytes) override {
    body.append(bytes);
    return {};
  }

  int status = 0;
  std::string body;
};

}  // namespace lookout::kube
