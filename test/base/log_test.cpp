#include "lookout/base/log.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <cstdio>
#include <string>

using namespace lookout;

namespace {

// What `body` writes to standard error.
template <class Body>
std::string captured(Body body) {
  std::FILE* file = std::tmpfile();
  const int saved = dup(STDERR_FILENO);
  dup2(fileno(file), STDERR_FILENO);
  body();
  std::fflush(stderr);
  dup2(saved, STDERR_FILENO);
  close(saved);
  std::string text(4096, '\0');
  std::rewind(file);
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return text;
}

}  // namespace

TEST_CASE("log: text is one line an event, odd values quoted") {
  log::configure(log::Level::kInfo, log::Format::kText);
  const std::string line = captured([] {
    log::info("synced", {{"namespace", "team-a"}, {"count", 3}, {"note", "two words\nsecond"}});
  });
  CHECK_THAT(line, Catch::EndsWith("info synced namespace=team-a count=3 "
                                   "note=\"two words\\nsecond\"\n"));
  CHECK(line.find('\n') == line.size() - 1);
}

TEST_CASE("log: JSON keeps numbers bare and escapes the rest") {
  log::configure(log::Level::kInfo, log::Format::kJson);
  const std::string line = captured([] {
    log::warn("odd", {{"text", "a\"b\x1b\xff"}, {"n", 7}, {"on", true}});
  });
  CHECK_THAT(line,
             Catch::Contains(
                 R"("level":"warning","event":"odd","text":"a\"b\u001b\u00ff","n":7,"on":true})"));
  log::configure(log::Level::kInfo, log::Format::kText);
}

TEST_CASE("log: levels below the configured one say nothing") {
  log::configure(log::Level::kWarn, log::Format::kText);
  CHECK(captured([] { log::info("quiet"); }).empty());
  CHECK_FALSE(captured([] { log::error("loud"); }).empty());
  log::configure(log::Level::kInfo, log::Format::kText);
}

TEST_CASE("log: a percent sign is text, not a pattern") {
  CHECK_THAT(captured([] {
               log::info("load", {{"value", "100%v%l {}"}});
             }),
             Catch::Contains("100%v%l {}"));
}

TEST_CASE("log: a value past the limit is cut") {
  const std::string line = captured([] { log::info("long", {{"v", std::string(5000, 'a')}}); });
  CHECK(line.size() < 1200);
}
