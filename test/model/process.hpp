// One controller as src/cli/controller_command.cpp builds it, but for its servers and signals, in
// fast time and on a fake API server.
#pragma once

#include <memory>
#include <string>

#include "lookout/metrics/exposition.hpp"

#include "src/cli/settings.hpp"
#include "test/integration/fast_time.hpp"
#include "test/model/samples.hpp"

namespace lookout::model {

class Process {
 public:
  // `clock` outlives the process. Begins to watch at once.
  Process(const cli::Settings& settings, const std::string& origin,
          const integration::FastClock& clock, int speed);
  ~Process();  // stops

  // GET /metrics, by chance in any of its formats.
  std::string scrape(metrics::TextFormat format, metrics::ContentCoding coding);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lookout::model
