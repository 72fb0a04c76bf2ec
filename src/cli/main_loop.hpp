// What the main thread does while others work: waits for signals, ticks now and then.
#pragma once

#include <chrono>
#include <functional>

namespace lookout::cli {

// Blocks until SIGTERM or SIGINT; returns the signal. Calls on_tick every `period` on this thread.
// A second signal while stopping ends the process at once.
int run_main_loop(std::chrono::seconds period, std::function<void()> on_tick);

}  // namespace lookout::cli
