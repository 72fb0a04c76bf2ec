#include "src/cli/one_pass.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace lookout::cli {
namespace {

using namespace std::chrono_literals;

// A refusal is final at once; anything else may still come right.
constexpr auto kPatience = 15s;

// Only a refusal of everything is final at once: one namespace of several may be refused,
// and a 401 gets its second try with new credentials.
bool is_final(const controllers::Readiness& readiness) {
  return readiness.all_refused;
}

// What was left out of the answer, "" when nothing was.
std::string refusals(const controllers::Readiness& readiness) {
  for (const auto& check : readiness.checks) {
    if (!check.detail.empty()) return check.name + ": " + check.detail;
  }
  return "";
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

std::string wait_until_read(controllers::ReleaseController& controller,
                            const state::ReleaseCache& cache, const Clock& clock,
                            const std::function<void(std::size_t left)>& progress) {
  const MonoTime start = clock.now();
  for (;;) {
    const controllers::Readiness readiness = controller.readiness();
    const std::size_t left = cache.wanted_payloads();
    const bool out_of_patience = clock.now() - start > kPatience;
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
