// One line a test case, "SUITE<tab>passed|failed<tab>NAME", for docs/reliability.md: appended to
// $LOOKOUT_RESULTS/SUITE.tsv, the suite being the executable's name without "test_". Without the
// variable nothing is written.

#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

namespace {

class ResultsListener : public Catch::TestEventListenerBase {
 public:
  using TestEventListenerBase::TestEventListenerBase;

  void testRunStarting(const Catch::TestRunInfo& run) override {
    const char* folder = std::getenv("LOOKOUT_RESULTS");
    if (folder == nullptr || *folder == '\0') return;
    constexpr std::string_view kPrefix = "test_";
    suite_ = run.name.substr(run.name.rfind('/') + 1);
    if (suite_.rfind(kPrefix, 0) == 0) suite_.erase(0, kPrefix.size());
    lines_.open(std::string(folder) + "/" + suite_ + ".tsv", std::ios::app);
  }

  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    if (!lines_.is_open()) return;
    const bool passed = stats.totals.assertions.allOk();
    lines_ << suite_ << '\t' << (passed ? "passed" : "failed") << '\t' << stats.testInfo.name
           << std::endl;  // whole even when a later test ends the process
  }

 private:
  std::string suite_;
  std::ofstream lines_;
};

}  // namespace

CATCH_REGISTER_LISTENER(ResultsListener)
