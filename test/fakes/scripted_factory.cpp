#include "test/fakes/scripted_factory.hpp"

#include <utility>

namespace lookout::fakes {
namespace {

class SharedTransport final : public http::Transport {
 public:
  explicit SharedTransport(ScriptedTransport& script) : script_(script) {}
  Result<void> send(const http::Request& request, http::BodySink& sink,
                    std::stop_token stop) override {
    return script_.send(request, sink, std::move(stop));
  }

 private:
  ScriptedTransport& script_;
};

}  // namespace

ScriptedTransport& ScriptedFactory::at(const std::string& origin) {
  MutexLock lock(mutex_);
  auto& script = scripts_[origin];
  if (script == nullptr) script = std::make_unique<ScriptedTransport>();
  return *script;
}

http::TransportFactory ScriptedFactory::factory() {
  return [this](http::TransportOptions options) -> Result<std::unique_ptr<http::Transport>> {
    return make(std::move(options));
  };
}

std::unique_ptr<http::Transport> ScriptedFactory::make(http::TransportOptions options) {
  ScriptedTransport& script = at(options.origin.origin());
  MutexLock lock(mutex_);
  made_.push_back(std::move(options));
  return std::make_unique<SharedTransport>(script);
}

std::vector<http::TransportOptions> ScriptedFactory::made() const {
  MutexLock lock(mutex_);
  return made_;
}

std::size_t ScriptedFactory::steps_left() const {
  MutexLock lock(mutex_);
  std::size_t left = 0;
  for (const auto& script : scripts_) left += script.second->steps_left();
  return left;
}

std::size_t ScriptedFactory::mismatches() const {
  MutexLock lock(mutex_);
  std::size_t count = 0;
  for (const auto& script : scripts_) count += script.second->mismatches();
  return count;
}

}  // namespace lookout::fakes
