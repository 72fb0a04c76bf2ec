#include "test/fuzz/feed_plan.hpp"

using namespace lookout;
using namespace lookout::kube;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  const FeedPlan plan = feed_plan(input, size);
  check_cuts(plan, [&plan](std::string& log) {
    return MetadataListDecoder(
        plan.format, [&log](const helm::SecretMeta& meta) { log_meta(log, meta); }, kFuzzLimits);
  });
  return 0;
}
