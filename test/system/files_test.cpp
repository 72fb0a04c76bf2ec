#include "lookout/system/files.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::system;
using lookout::testing::TemporaryFolder;
using Outcome = WatchedFile::Outcome;
using std::chrono::seconds;

namespace {

// As the kubelet does: a link to a folder is replaced by another one in one step.
void swap_volume(const TemporaryFolder& folder, std::string_view version,
                 std::string_view content) {
  folder.write(std::string(version) + "/token", content);
  const std::string next = folder.path("..data_next");
  std::filesystem::create_symlink(version, next);
  std::filesystem::rename(next, folder.path("..data"));
}

}  // namespace

TEST_CASE("read_file: whole content, zero bytes included") {
  const TemporaryFolder folder;
  const std::string content = std::string(200'000, 'x') + '\0' + "end";
  CHECK(*read_file(folder.write("f", content)) == content);
  CHECK(read_file(folder.write("empty", ""))->empty());
}

TEST_CASE("read_file: the limit is inclusive") {
  const TemporaryFolder folder;
  const std::string path = folder.write("f", "12345678");
  CHECK(read_file(path, 8).ok());
  const auto larger = read_file(path, 7);
  REQUIRE_FALSE(larger.ok());
  CHECK(larger.error().code == ErrorCode::kTooLarge);
  CHECK(larger.error().message.find(path) != std::string::npos);
}

TEST_CASE("read_file: what cannot be read is named") {
  const TemporaryFolder folder;
  const std::string missing = folder.path("missing");
  const auto absent = read_file(missing);
  REQUIRE_FALSE(absent.ok());
  CHECK(absent.error().code == ErrorCode::kNotFound);
  CHECK(absent.error().message == "read \"" + missing + "\": No such file or directory");
  CHECK(read_file(folder.write("file", "x") + "/below").error().code == ErrorCode::kNotFound);
  CHECK(read_file(folder.path("")).error().code == ErrorCode::kUnavailable);
}

TEST_CASE("read_file: a FIFO without writer does not block") {
  const TemporaryFolder folder;
  const std::string path = folder.path("fifo");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK(read_file(path)->empty());
}

TEST_CASE("environment: holds the variables of the process") {
  REQUIRE(::setenv("LOOKOUT_TEST_VARIABLE", "a=b", 1) == 0);
  CHECK(environment().at("LOOKOUT_TEST_VARIABLE") == "a=b");
  REQUIRE(::unsetenv("LOOKOUT_TEST_VARIABLE") == 0);
  CHECK(environment().count("LOOKOUT_TEST_VARIABLE") == 0);
}

TEST_CASE("environment: keeps what was given of what libraries are told") {
  REQUIRE(::setenv("LOOKOUT_GIVEN", "by the user", 1) == 0);
  for (const char* value : {"one", "two"}) {
    set_for_libraries("LOOKOUT_GIVEN", value);
    set_for_libraries("LOOKOUT_NOT_GIVEN", value);
    CHECK(::getenv("LOOKOUT_GIVEN") == std::string(value));
    CHECK(::getenv("LOOKOUT_NOT_GIVEN") == std::string(value));
    CHECK(environment().at("LOOKOUT_GIVEN") == "by the user");
    CHECK(environment().count("LOOKOUT_NOT_GIVEN") == 0);
  }
}

TEST_CASE("WatchedFile: read again once a period") {
  const TemporaryFolder folder;
  WatchedFile file(folder.write("token", "one"), seconds(60));
  const MonoTime start{};
  CHECK(file.content().empty());
  CHECK(file.poll(start) == Outcome::kChanged);
  CHECK(file.content() == "one");

  folder.write("token", "two");
  CHECK(file.poll(start + seconds(59)) == Outcome::kUnchanged);
  CHECK(file.content() == "one");
  CHECK(file.poll(start + seconds(60)) == Outcome::kChanged);
  CHECK(file.content() == "two");
  CHECK(file.poll(start + seconds(120)) == Outcome::kUnchanged);
}

TEST_CASE("WatchedFile: expire reads at once") {
  const TemporaryFolder folder;
  WatchedFile file(folder.write("token", "one"), seconds(60));
  file.poll(MonoTime{});
  folder.write("token", "two");
  file.expire();
  CHECK(file.poll(MonoTime{} + seconds(1)) == Outcome::kChanged);
  CHECK(file.content() == "two");
}

TEST_CASE("WatchedFile: the last good content outlives a bad file") {
  const TemporaryFolder folder;
  const std::string path = folder.write("token", "good");
  WatchedFile file(path, seconds(60), 100);
  file.poll(MonoTime{});

  const auto [name, content] = GENERATE(table<const char*, std::string>(
      {{"missing", ""}, {"blank", " \n"}, {"empty", ""}, {"large", std::string(101, 'x')}}));
  CAPTURE(name);
  std::filesystem::remove(path);
  if (std::string(name) != "missing") folder.write("token", content);
  CHECK(file.poll(MonoTime{} + seconds(60)) == Outcome::kFailed);
  CHECK(file.content() == "good");
  REQUIRE(file.last_error());
  CHECK(file.last_error()->message.find(path) != std::string::npos);

  folder.write("token", "better");
  CHECK(file.poll(MonoTime{} + seconds(119)) == Outcome::kUnchanged);
  CHECK(file.poll(MonoTime{} + seconds(120)) == Outcome::kChanged);
  CHECK(file.content() == "better");
}

TEST_CASE("WatchedFile: a file that comes back as it was is well again") {
  const TemporaryFolder folder;
  const std::string path = folder.write("token", "same");
  WatchedFile file(path, seconds(60), 100);
  file.poll(MonoTime{});
  std::filesystem::remove(path);
  CHECK(file.poll(MonoTime{} + seconds(60)) == Outcome::kFailed);
  folder.write("token", "same");
  CHECK(file.poll(MonoTime{} + seconds(120)) == Outcome::kChanged);
  CHECK_FALSE(file.last_error());
  CHECK(file.poll(MonoTime{} + seconds(180)) == Outcome::kUnchanged);
}

TEST_CASE("WatchedFile: follows a projected volume") {
  const TemporaryFolder folder;
  swap_volume(folder, "..v1", "one");
  std::filesystem::create_symlink("..data/token", folder.path("token"));
  WatchedFile file(folder.path("token"), seconds(60));
  CHECK(file.poll(MonoTime{}) == Outcome::kChanged);
  swap_volume(folder, "..v2", "two");
  std::filesystem::remove_all(folder.path("..v1"));
  CHECK(file.poll(MonoTime{} + seconds(60)) == Outcome::kChanged);
  CHECK(file.content() == "two");
}
