#include "test/fakes/fault_line.hpp"

#include <catch2/catch.hpp>

namespace lookout::fakes {
namespace {

using What = FaultLine::What;

FaultLine parsed(const std::string& text) {
  const auto line = parse_fault_line(text);
  INFO(text << ": " << (line ? "" : line.error().message));
  REQUIRE(line);
  return *line;
}

std::string why_not(const std::string& text) {
  const auto line = parse_fault_line(text);
  INFO(text);
  REQUIRE_FALSE(line);
  CHECK(line.error().code == ErrorCode::kInvalid);
  return line.error().message;
}

}  // namespace

TEST_CASE("fault line: which requests it is for") {
  const FaultLine line =
      parsed("watchlist contains=namespaces/shop lacks=configmaps skip=2 times=3 close");
  CHECK(line.what == What::kCluster);
  CHECK(line.matcher.verb == Verb::kWatchList);
  CHECK(line.matcher.contains == "namespaces/shop");
  CHECK(line.matcher.lacks == "configmaps");
  CHECK(line.matcher.skip == 2);
  CHECK(line.matcher.times == 3);
  CHECK(parsed("any close").matcher.verb == std::nullopt);
  CHECK(parsed("any close").matcher.times == 1);
  CHECK(parsed("get close times=forever").matcher.times == RequestMatcher::kForever);
  CHECK(parsed("list close").matcher.verb == Verb::kList);
  CHECK(parsed("watch close").matcher.verb == Verb::kWatch);
  CHECK(parsed("other close").matcher.verb == Verb::kOther);
  CHECK(parsed("repository close").what == What::kRepository);
}

TEST_CASE("fault line: refusals, as an answer and in a watch") {
  const FaultLine line = parsed(
      "watch status=504 retry-after=7 message=\"Too large resource version\" reason=Timeout "
      "cause-reason=ResourceVersionTooLarge cause-message=x continue=abc error=410 reason=Gone");
  REQUIRE(line.fault.refusal);
  CHECK(line.fault.refusal->code == 504);
  CHECK(line.fault.refusal->retry_after_seconds == 7);
  CHECK(line.fault.refusal->message == "Too large resource version");
  CHECK(line.fault.refusal->reason == "Timeout");
  CHECK(line.fault.refusal->cause_reason == "ResourceVersionTooLarge");
  CHECK(line.fault.refusal->cause_message == "x");
  CHECK(line.fault.refusal->continue_token == "abc");
  REQUIRE(line.fault.watch_error);
  CHECK(line.fault.watch_error->code == 410);
  CHECK(line.fault.watch_error->reason == "Gone");
  CHECK(parsed("any status=429").fault.refusal->reason == "TooManyRequests");
}

TEST_CASE("fault line: any bytes") {
  const FaultLine line =
      parsed(R"(list answer=502 type=text/html body="<a href=\"/\">Bad; \\ Gateway</a>\n")");
  REQUIRE(line.fault.answer);
  CHECK(line.fault.answer->status == 502);
  CHECK(line.fault.answer->content_type == "text/html");
  CHECK(line.fault.answer->body == "<a href=\"/\">Bad; \\ Gateway</a>\n");
  CHECK(parsed("list answer=200 body=\"\"").fault.answer->body.empty());
}

TEST_CASE("fault line: bodies that end too early") {
  const FaultLine line = parsed("list cut=1000");
  REQUIRE(line.fault.cut);
  CHECK(line.fault.cut->after_bytes == 1'000);
  CHECK(line.fault.cut->how == BodyCut::How::kReset);
  CHECK(parsed("list cut=1 how=fin").fault.cut->how == BodyCut::How::kFin);
  CHECK(parsed("list cut=1 how=stall").fault.cut->how == BodyCut::How::kStall);
  CHECK(parsed("list cut=1 how=reset").fault.cut->how == BodyCut::How::kReset);
}

TEST_CASE("fault line: each flag is its member and no other") {
  const auto [word, member] = GENERATE(table<std::string, bool Fault::*>({
      {"stall", &Fault::stall_before_head},
      {"close", &Fault::close_connection},
      {"single-bytes", &Fault::single_bytes},
      {"gzip-members", &Fault::gzip_members},
      {"ignore-metadata", &Fault::ignore_metadata},
      {"json-only", &Fault::json_only},
      {"pretty", &Fault::pretty},
      {"ignore-initial-events", &Fault::ignore_initial_events},
      {"repeat-events", &Fault::repeat_events},
  }));
  const Fault fault = parsed("watch " + word).fault;
  CHECK(fault.*member);
  const int set = fault.stall_before_head + fault.close_connection + fault.single_bytes +
                  fault.gzip_members + fault.ignore_metadata + fault.json_only + fault.pretty +
                  fault.ignore_initial_events + fault.repeat_events;
  CHECK(set == 1);
}

TEST_CASE("fault line: bookmarks and events that are none") {
  using Bookmarks = Fault::Bookmarks;
  CHECK(parsed("watch bookmarks=none").fault.bookmarks == Bookmarks::kNone);
  CHECK(parsed("watch bookmarks=no-end").fault.bookmarks == Bookmarks::kNoEnd);
  CHECK(parsed("watch bookmarks=all").fault.bookmarks == Bookmarks::kAll);
  const auto events =
      parsed("watch event=ADDED:shop/web.v2:3 event=DELETED:ci/db:12:failed:99").fault.events;
  REQUIRE(events.size() == 2);
  CHECK(events[0].type == "ADDED");
  CHECK(events[0].object.ns == "shop");
  CHECK(events[0].object.name == "sh.helm.release.v1.web.v2.v3");
  CHECK(events[0].object.resource_version == 1);
  CHECK(events[1].type == "DELETED");
  CHECK(events[1].object.name == "sh.helm.release.v1.db.v12");
  CHECK(events[1].object.resource_version == 99);
  CHECK(events[1].object.labels[3] == std::make_pair(std::string("status"), std::string("failed")));
}

TEST_CASE("fault line: what happens to the whole server") {
  CHECK(parsed("drop").what == What::kDrop);
  CHECK(parsed("drop").hangup == Hangup::kReset);
  CHECK(parsed("drop fin").hangup == Hangup::kFin);
  CHECK(parsed("compact").what == What::kCompact);
  CHECK(parsed("rewind").what == What::kRewind);
}

TEST_CASE("fault line: errors name the word") {
  const auto [text, reason] = GENERATE(table<std::string, std::string>({
      {"", "nothing is said"},
      {"wacth close",
       "\"wacth\": a line begins with one of any get list watch watchlist other "
       "repository drop compact rewind"},
      {"watch statsu=429", "\"statsu\": no such word"},
      {"watch status", "\"status\": needs a value: status=..."},
      {"watch close=1", "\"close\": takes no value"},
      {"watch status=many", "\"status\": \"many\" is not a number that fits"},
      {"watch status=99", "\"status\": 99 is not between 100 and 599"},
      {"watch times=-1", "\"times\": \"-1\" is not a number that fits"},
      {"watch retry-after=7", "\"retry-after\": describes the status= or error= before it"},
      {"watch body=x", "\"body\": describes the answer= before it"},
      {"watch how=fin", "\"how\": describes the cut= before it"},
      {"watch cut=9 how=slowly", "\"how\": fin, reset or stall"},
      {"watch bookmarks=some", "\"bookmarks\": all, no-end or none"},
      {"watch event=ADDED",
       "\"event\": TYPE:NAMESPACE/RELEASE:REVISION[:STATUS[:RESOURCEVERSION]]"},
      {"watch event=ADDED:a/b:x", "\"event\": \"x\" is not a number that fits"},
      {"list answer=200 body=\"<html>", "body=: the quote is not closed"},
      {"list answer=200 body=\"a\"b", "body=: text follows the closing quote"},
      {"drop slowly", "\"slowly\": fin or reset"},
      {"compact now", "nothing may follow compact"},
  }));
  CHECK(why_not(text) == reason);
}

TEST_CASE("fault script: lines, comments, all or none") {
  const auto script = parse_fault_script(
      "# twice\nwatch status=500; drop fin\n\nlist answer=200 body=\"a;b\nc\" ;");
  REQUIRE(script);
  REQUIRE(script->size() == 3);
  CHECK((*script)[1].hangup == Hangup::kFin);
  CHECK((*script)[2].fault.answer->body == "a;b\nc");
  const auto wrong = parse_fault_script("drop; watch cut=x");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message == "in \"watch cut=x\": \"cut\": \"x\" is not a number that fits");
}

}  // namespace lookout::fakes
