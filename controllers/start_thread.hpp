// Threads of controllers.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <thread>

namespace lookout::controllers {

// A thread that fails unforeseen is logged under `name` and ends the process: the kubelet
// restarts it, and a controller that lives on without its thread would serve stale truth for
// ever.
std::jthread start_thread(std::string name, std::function<void(std::stop_token)> body);

}  // namespace lookout::controllers
