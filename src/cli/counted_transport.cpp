#include "src/cli/counted_transport.hpp"

#include <utility>

namespace lookout::cli {
namespace {

class CountedSink final : public http::BodySink {
 public:
  CountedSink(http::BodySink& inner, const OnBytes& on_bytes)
      : inner_(inner), on_bytes_(on_bytes) {}

  Result<void> on_head(const http::ResponseHead& head) override { return inner_.on_head(head); }
  Result<void> on_body(std::string_view bytes) override {
    on_bytes_(bytes.size());
    return inner_.on_body(bytes);
  }

 private:
  http::BodySink& inner_;
  const OnBytes& on_bytes_;
};

class CountedTransport final : public http::Transport {
 public:
  CountedTransport(std::unique_ptr<http::Transport> inner, OnBytes on_bytes)
      : inner_(std::move(inner)), on_bytes_(std::move(on_bytes)) {}

  Result<void> send(const http::Request& request, http::BodySink& sink,
                    std::stop_token stop) override {
    CountedSink counted(sink, on_bytes_);
    return inner_->send(request, counted, std::move(stop));
  }

 private:
  const std::unique_ptr<http::Transport> inner_;
  const OnBytes on_bytes_;
};

}  // namespace

http::TransportFactory counted(http::TransportFactory create, OnBytes on_bytes) {
  return [create = std::move(create), on_bytes = std::move(on_bytes)](
             http::TransportOptions options) -> Result<std::unique_ptr<http::Transport>> {
    auto inner = create(std::move(options));
    if (!inner) return inner.error();
    return std::unique_ptr<http::Transport>(
        std::make_unique<CountedTransport>(std::move(*inner), on_bytes));
  };
}

}  // namespace lookout::cli
