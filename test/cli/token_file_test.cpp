#include "src/cli/token_file.hpp"

#include <catch2/catch.hpp>

#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::cli;
using lookout::testing::TemporaryFolder;

namespace {

constexpr const char* kFirst = "first-token-of-mine";
constexpr const char* kSecond = "second-token-of-mine";

}  // namespace

TEST_CASE("token file: is followed when it changes") {
  const TemporaryFolder folder;
  const std::string path = folder.write("tokens", kFirst);
  const auto file = TokenFile::open(path);
  REQUIRE(file.ok());
  CHECK((*file)->contains(kFirst));
  CHECK((*file)->stats().tokens.value() == 1);
  CHECK((*file)->stats().reload_success.value() == 1);
  folder.write("tokens", std::string("# rotated\n") + kSecond + "\n" + kSecond + "x\n");
  (*file)->poll();
  CHECK_FALSE((*file)->contains(kFirst));
  CHECK((*file)->contains(kSecond));
  CHECK((*file)->stats().tokens.value() == 2);
}

TEST_CASE("token file: one that broke leaves the tokens of before, until it is whole again") {
  const TemporaryFolder folder;
  const std::string path = folder.write("tokens", kFirst);
  const auto file = TokenFile::open(path);
  REQUIRE(file.ok());
  SECTION("gone") {
    std::filesystem::remove(path);
  }
  SECTION("a bad line") {
    folder.write("tokens", std::string(kSecond) + "\nshort\n");
  }
  SECTION("too large") {
    folder.write("tokens", std::string(2U << 20, '#'));
  }
  for (int i = 0; i < 3; ++i) (*file)->poll();
  CHECK((*file)->contains(kFirst));
  CHECK_FALSE((*file)->contains(kSecond));
  CHECK((*file)->stats().reload_success.value() == 0);
  folder.write("tokens", kSecond);
  (*file)->poll();
  CHECK((*file)->contains(kSecond));
  CHECK((*file)->stats().reload_success.value() == 1);
}

TEST_CASE("token file: one that was emptied lets nobody in any more") {
  const TemporaryFolder folder;
  const std::string path = folder.write("tokens", kFirst);
  const auto file = TokenFile::open(path);
  REQUIRE(file.ok());
  folder.write("tokens", GENERATE("", "\n", "# all gone\n"));
  for (int i = 0; i < 2; ++i) (*file)->poll();
  CHECK_FALSE((*file)->contains(kFirst));
  CHECK((*file)->stats().tokens.value() == 0);
  CHECK((*file)->stats().reload_success.value() == 1);
  folder.write("tokens", kSecond);
  (*file)->poll();
  CHECK((*file)->contains(kSecond));
}

TEST_CASE("token file: the start names what is wrong with it and quotes nothing") {
  const TemporaryFolder folder;
  CHECK_THAT(TokenFile::open(folder.path("missing")).error().message,
             Catch::StartsWith("--auth-token-file: read ") && Catch::Contains("missing"));
  const std::string path = folder.write("tokens", std::string(kFirst) + "\nsecret\n");
  const auto broken = TokenFile::open(path);
  CHECK(broken.error() ==
        Error{ErrorCode::kInvalid,
              "--auth-token-file: " + path + ": line 2: a token of less than 16 characters"});
  const std::string none = folder.write("none", GENERATE("", "# none yet\n"));
  CHECK(TokenFile::open(none).error() ==
        Error{ErrorCode::kInvalid, "--auth-token-file: " + none + ": no token in it"});
}
