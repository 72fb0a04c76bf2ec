#include "test/integration/fast_time.hpp"

#include <algorithm>
#include <utility>

namespace lookout::integration {
namespace {

class FastTransport final : public http::Transport {
 public:
  FastTransport(std::unique_ptr<http::Transport> inner, int speed,
                std::chrono::milliseconds head_min)
      : inner_(std::move(inner)), speed_(speed), head_min_(head_min) {}

  Result<void> send(const http::Request& request, http::BodySink& sink,
                    std::stop_token stop) override {
    http::Request fast = request;
    fast.header_timeout = std::max(fast.header_timeout / speed_, head_min_);
    fast.idle_timeout /= speed_;
    return inner_->send(fast, sink, std::move(stop));
  }

 private:
  const std::unique_ptr<http::Transport> inner_;
  const int speed_;
  const std::chrono::milliseconds head_min_;
};

}  // namespace

MonoTime FastClock::now() const {
  return start_ + speed_ * (system_.now() - start_);
}

bool FastClock::sleep(Duration duration, std::stop_token stop) const {
  return system_.sleep(duration / speed_, std::move(stop));
}

std::unique_ptr<http::Transport> fast_transport(std::unique_ptr<http::Transport> inner, int speed,
                                                std::chrono::milliseconds head_min) {
  return std::make_unique<FastTransport>(std::move(inner), speed, head_min);
}

}  // namespace lookout::integration
