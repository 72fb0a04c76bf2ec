#include "src/cli/one_pass.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace lookout::cli {
namespace {

using namespace std::chrono_literals;

// A refusal is final at once; anything else may still come right.
constexpr auto kPatience = 15s;

// Begins again when more is left than ever, as lists come in, and when less is left than ever
// since. Releases that merely come and go prolong nothing.
class Patience {
 public:
  explicit Patience(MonoTime now) : since_(now) {}

  bool is_out(std::size_t left, MonoTime now) {
    if (left > most_ || left < least_) {
      most_ = std::max(most_, left);
      least_ = left;
      since_ = now;
    }
    return now - since_ > kPatience;
  }

 private:
  std::size_t most_ = 0;
  std::size_t least_ = 0;
  MonoTime since_;
};

// Only a refusal of everything is final at once: one namespace of several may be refused,
// and a 401 gets its second try with new credentials.
bool is_final(const controllers::Readiness& readiness) {
  return readiness.all_refused;
}

// What was left out of the answer, "" when nothing was: a stream that lost its watch after its
// list has said all.
std::string refusals(const controllers::Readiness& readiness) {
  if (!readiness.first_error) return "";
  return readiness.first_failed + ": " + readiness.first_error->message;
}

}  // namespace

ProgressLine::ProgressLine() : on_terminal_(isatty(STDERR_FILENO) == 1) {}

void ProgressLine::show(const std::string& text) {
  if (!on_terminal_) return;
  std::fprintf(stderr, "\r%s \x1b[K", text.c_str());
  shown_ = true;
}

void ProgressLine::clear() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
  shown_ = false;
}

std::string wait_until_read(const OnePassView& view, const Clock& clock,
                            const std::function<void(std::size_t left)>& progress) {
  Patience patience(clock.now());
  for (;;) {
    const controllers::Readiness readiness = view.readiness();
    const std::size_t left = view.payloads_left();
    const bool out_of_patience = patience.is_out(left, clock.now());
    if (readiness.ready && left == 0) return refusals(readiness);
    if (readiness.ready && out_of_patience && left > 0) {
      return std::to_string(left) + " payloads could not be read";
    }
    if (!readiness.ready && readiness.first_error && (is_final(readiness) || out_of_patience)) {
      return readiness.reason;
    }
    progress(left);
    clock.sleep(kOnePassPoll, {});
  }
}

std::string wait_until_read(controllers::ReleaseController& controller,
                            const state::ReleaseCache& cache, const Clock& clock,
                            const std::function<void(std::size_t left)>& progress) {
  return wait_until_read(
      {[&] { return controller.readiness(); }, [&] { return cache.wanted_payloads(); }}, clock,
      progress);
}

void wait_until_scanned(const state::RepositoryCache& cache, const Clock& clock) {
  const auto tried = [](const state::RepositoryPtr& each) {
    return each->last_attempt.has_value();
  };
  for (;;) {
    const auto snapshot = cache.snapshot();
    if (std::all_of(snapshot->begin(), snapshot->end(), tried)) return;
    clock.sleep(kOnePassPoll, {});
  }
}

}  // namespace lookout::cli
