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

// What this process would have read at its start.
SettingsSources sources_with(const TemporaryFile& file, const std::string& text) {
  SettingsSources out;
  out.config_file = file.path();
  out.config_text = text;
  out.given.file = *parse_settings_file(text);
  return out;
}

std::string repository_item(const std::string& name, const std::string& interval = "5m") {
  return "- {name: " + name + ", url: 'https://example.org/" + name + "', interval: " + interval +
         "}\n";
}

// What was applied, in order: the names of the repositories.
struct Applied {
  std::vector<std::string> names;
  ConfigReload::Apply apply() {
    return [this](const Settings& settings) {
      std::string all;
      for (const auto& one : settings.repositories) all += one.name + " ";
      names.push_back(all);
    };
  }
};

}  // namespace

TEST_CASE("config reload: an invalid file shows, a mended one too") {
  const TemporaryFile file("logLevel: info\n");
  Applied applied;
  ConfigReload reload(sources_with(file, "logLevel: info\n"), applied.apply());
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
  CHECK(applied.names.empty());
}

TEST_CASE("config reload: changed repositories and pins take effect at once") {
  const std::string start = "repositories:\n" + repository_item("a");
  const TemporaryFile file(start);
  Applied applied;
  ConfigReload reload(sources_with(file, start), applied.apply());
  const double hash = reload.stats().hash.value();
  reload.poll(after(1));
  CHECK(applied.names.empty());  // nothing changed

  file.write(start + repository_item("b"));
  reload.poll(after(2));
  CHECK(applied.names == std::vector<std::string>{"a b "});
  CHECK(reload.stats().hash.value() != hash);  // all of it is in force

  file.write("repositories:\n" + repository_item("a", "1m"));
  reload.poll(after(3));
  file.write("repositories:\n" + repository_item("a", "1m") +
             "pins: [{chart: c, repository: a}]\n");
  reload.poll(after(4));
  CHECK(applied.names == std::vector<std::string>{"a b ", "a ", "a "});
}

TEST_CASE("config reload: a file with a mistake changes nothing, whatever else it says") {
  const std::string start = "repositories:\n" + repository_item("a");
  const TemporaryFile file(start);
  Applied applied;
  ConfigReload reload(sources_with(file, start), applied.apply());
  const std::string wrong = GENERATE(as<std::string>{}, repository_item("b", "-1s"),
                                     repository_item("a"), "- {name: c}\n");
  file.write(start + wrong);
  reload.poll(after(1));
  CHECK(reload.stats().reload_success.value() == 0);
  CHECK(applied.names.empty());
  file.write(start);
  reload.poll(after(2));
  CHECK(reload.stats().reload_success.value() == 1);
  CHECK(applied.names.empty());
}

TEST_CASE("config reload: a file is judged beside flags and environment") {
  const TemporaryFile file("");
  SettingsSources sources = sources_with(file, "");
  sources.given.flags = {{"total-shards", {"3"}}};
  sources.host_name = "helm-lookout-1";
  ConfigReload reload(sources, [](const Settings&) {});
  file.write("shard: 2\n");
  reload.poll(after(1));
  CHECK(reload.stats().reload_success.value() == 1);
  file.write("shard: 3\n");
  reload.poll(after(2));
  CHECK(reload.stats().reload_success.value() == 0);
}

TEST_CASE("config reload: a missing file is a failure, its return is not") {
  const TemporaryFile file("logLevel: info\n");
  ConfigReload reload(sources_with(file, "logLevel: info\n"), [](const Settings&) {});
  std::remove(file.path().c_str());
  reload.poll(after(1));
  CHECK(reload.stats().reload_success.value() == 0);
  file.write("logLevel: info\nmaxSeries: 3\n");
  reload.poll(after(2));
  CHECK(reload.stats().reload_success.value() == 1);
}

TEST_CASE("config reload: without a file there is nothing to do") {
  ConfigReload reload({}, [](const Settings&) {});
  reload.poll(after(1));
  CHECK(reload.stats().reload_success.value() == 1);
  CHECK(reload.stats().hash.value() == 0);
}
