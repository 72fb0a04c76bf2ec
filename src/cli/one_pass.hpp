// Waiting for the controller's parts to have read everything once, for the one-shot commands.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/state/release_cache.hpp"
#include "lookout/state/repository_cache.hpp"

#include "controllers/release_controller.hpp"

namespace lookout::cli {

inline constexpr std::chrono::milliseconds kOnePassPoll{20};

// A line on standard error that is gone in the end; nothing unless it is a terminal.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const std::string& text);
  void clear();

 private:
  const bool on_terminal_;
  bool shown_ = false;
};

// How far the first read is.
struct OnePassView {
  std::function<controllers::Readiness()> readiness;
  std::function<std::size_t()> payloads_left;
};

// Waits until every release has been read, or what is left will not be: nothing came for fifteen
// seconds. "" or, in one line, why something is missing. `progress` is told how many payloads are
// left.
std::string wait_until_read(const OnePassView& view, const Clock& clock,
                            const std::function<void(std::size_t left)>& progress);
std::string wait_until_read(controllers::ReleaseController& controller,
                            const state::ReleaseCache& cache, const Clock& clock,
                            const std::function<void(std::size_t left)>& progress);

// Waits until each repository was tried once; a scan ends within its time-out, so this does.
void wait_until_scanned(const state::RepositoryCache& cache, const Clock& clock);

}  // namespace lookout::cli
