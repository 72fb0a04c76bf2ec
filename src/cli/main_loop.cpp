#include "src/cli/main_loop.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <utility>

namespace lookout::cli {
namespace {

namespace asio = boost::asio;

class Ticker {
 public:
  Ticker(asio::io_context& io, std::chrono::seconds period, std::function<void()> on_tick)
      : timer_(io), period_(period), on_tick_(std::move(on_tick)) {}

  void wait() {
    timer_.expires_after(period_);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      on_tick_();
      wait();
    });
  }

 private:
  asio::steady_timer timer_;
  const std::chrono::seconds period_;
  const std::function<void()> on_tick_;
};

}  // namespace

int run_main_loop(std::chrono::seconds period, std::function<void()> on_tick) {
  asio::io_context io(1);
  asio::signal_set signals(io, SIGTERM, SIGINT);
  int received = 0;
  signals.async_wait([&](const boost::system::error_code&, int signal) {
    received = signal;
    io.stop();
  });
  Ticker ticker(io, period, std::move(on_tick));
  ticker.wait();
  io.run();
  std::signal(received, SIG_DFL);
  return received;
}

}  // namespace lookout::cli
