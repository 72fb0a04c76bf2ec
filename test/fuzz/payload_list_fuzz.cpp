#include "lookout/kube/payload_decoder.hpp"

#include "test/fuzz/feed_plan.hpp"

using namespace lookout;
using namespace lookout::kube;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  const FeedPlan plan = feed_plan(input, size);
  for (const auto shape : {PayloadDecoder::Shape::kList, PayloadDecoder::Shape::kObject}) {
    check_cuts(plan, [&plan, shape](std::string& log) {
      return PayloadDecoder(
          plan.format, shape, StorageDriver::kSecret,
          [&log](const PayloadObject& object) {
            log_meta(log, object.meta);
            if (object.release) log += *object.release;
          },
          kFuzzLimits);
    });
  }
  return 0;
}
