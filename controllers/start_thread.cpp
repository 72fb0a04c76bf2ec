#include "controllers/start_thread.hpp"

#include <exception>
#include <utility>

#include "lookout/base/log.hpp"

namespace lookout::controllers {

std::jthread start_thread(std::string name, std::function<void(std::stop_token)> body) {
  return std::jthread([name = std::move(name), body = std::move(body)](std::stop_token stop) {
    try {
      body(std::move(stop));
    } catch (const std::exception& exception) {
      log::error("thread failed", {{"thread", name}, {"error", exception.what()}});
      std::terminate();
    }
  });
}

}  // namespace lookout::controllers
