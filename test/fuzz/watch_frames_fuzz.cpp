#include "test/fuzz/feed_plan.hpp"

using namespace lookout;
using namespace lookout::kube;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  const FeedPlan plan = feed_plan(input, size);
  check_cuts(plan, [&plan](std::string& log) {
    return WatchDecoder(
        plan.format,
        [&log](const WatchEvent& event) {
          if (event.type == WatchEvent::Type::kError) {
            log += event.status.message + error_from_status(event.status).message;
          } else {
            log_meta(log, event.object);
          }
          return Result<void>();
        },
        kFuzzLimits);
  });
  return 0;
}
