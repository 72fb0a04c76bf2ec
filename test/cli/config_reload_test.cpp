#include "src/cli/config_reload.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <cstdio>
#include <fstream>

using namespace lookout;
using namespace lookout::cli;

namespace {

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    const int fd = mkstemp(path_);
    REQUIRE(fd >= 0);
    close(fd);
    write(text);
  }
  ~TemporaryFile() { std::remove(path_); }
  void write(const std::string& text) const { std::ofstream(path_, std::ios::trunc) << text; }
  std::string path() const { return path_; }

 private:
  char path_[32] = "/tmp/lookout-config-XXXXXX";
};

MonoTime after(int periods) {
  return MonoTime{} + periods * ConfigReload::kPeriod;
}

}  // namespace

TEST_CASE("config reload: an invalid file shows, a mended one too") {
  const TemporaryFile file("logLevel: info\n");
  ConfigReload reload(file.path());
  CHECK(reload.stats().reload_success.value() == 1);
  const double hash = reload.stats().hash.value();
  CHECK(hash != 0);

  file.write("logLevel: loud\n");
  reload.poll(after(1));
  CHECK(reload.stats().reload_success.value() == 0);
  CHECK(reload.stats().hash.value() == hash);  // what is in force

  file.write("logLevel: warn\n");
  reload.poll(after(2));
  CHECK(reload.stats().reload_success.value() == 1);
  CHECK(reload.stats().hash.value() == hash);  // takes effect with the next start
}

TEST_CASE("config reload: a missing file is a failure, its return is not") {
  const TemporaryFile file("logLevel: info\n");
  ConfigReload reload(file.path());
  std::remove(file.path().c_str());
  reload.poll(after(1));
  CHECK(reload.stats().reload_success.value() == 0);
  file.write("logLevel: info\nmaxSeries: 3\n");
  reload.poll(after(2));
  CHECK(reload.stats().reload_success.value() == 1);
}

TEST_CASE("config reload: without a file there is nothing to do") {
  ConfigReload reload("");
  reload.poll(after(1));
  CHECK(reload.stats().reload_success.value() == 1);
  CHECK(reload.stats().hash.value() == 0);
}
