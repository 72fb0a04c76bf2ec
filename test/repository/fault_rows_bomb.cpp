#include "lookout/encoding/gzip.hpp"

#include "src/repository/oci_registry.hpp"
#include "test/repository/fault_table.hpp"

namespace lookout::repository {
namespace {

using namespace std::chrono_literals;
using Type = ScanErrorType;

const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string repeated(const std::string& text, std::size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

std::string index_with(const std::string& entries) {
  return "apiVersion: v1\nentries:\n" + entries;
}

// Each anchor stands for ten of the one before.
std::string laughs() {
  std::string text = "apiVersion: v1\nx0: &x0 [lol]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string last = "*x" + std::to_string(i - 1);
    text += "x" + std::to_string(i) + ": &x" + std::to_string(i) + " [" + last;
    for (int j = 1; j < 10; ++j) text += ", " + last;
    text += "]\n";
  }
  return text + "entries:\n  app: *x11\n";
}

Fault bomb(const std::string& kind, const std::vector<Way>& ways, const FaultScript& script,
           Type type, std::size_t bytes_max = 0) {
  return {.kind = kind, .ways = ways, .script = script, .error = type, .bytes_max = bytes_max};
}

// Written while it is sent.
FaultScript made(std::string (*make)()) {
  return [make](Exchange& exchange) { body(make())(exchange); };
}

void gzip_bomb(Exchange& exchange) {
  static const std::string kBomb = encoding::gzip(std::string(64U << 20, ' '), 9);
  body(kBomb, "Content-Encoding: gzip\r\n")(exchange);
}

std::string deep_yaml() {
  return index_with("  app: " + std::string(100'000, '['));
}
std::string deep_json() {
  return R"({"apiVersion": "v1", "entries": )" + repeated("{\"a\":", 100'000);
}
std::string long_scalar() {
  return index_with("  app:\n  - name: " + std::string((1U << 20) + 1, 'a') + "\n");
}
std::string many_entries() {
  return index_with("  app:\n" + repeated("  - ~\n", 1'000'001));
}
std::string many_tags() {
  return R"({"tags": ["0.0.0")" + repeated(R"(,"1.0.0")", OciRegistry::kTagsMax + 1) + "]}";
}

}  // namespace

const std::vector<Fault>& bomb_faults() {
  static const std::vector<Fault> kRows = {
      bomb("Content-Length over the limit", kIndexFiles,
           silence(head("Content-Length: 67108865\r\n")), Type::kTooLarge),
      bomb("body without end", {Way::kHttp},
           endless(kChunked, chunk("#" + std::string(65'534, 'x') + "\n")), Type::kTooLarge,
           64U << 20),
      bomb("tags without end", {Way::kOci}, endless(kChunked, chunk(std::string(65'536, ' '))),
           Type::kTooLarge, OciRegistry::kTagsPageBytesMax),
      bomb("login page without end", kIndexFiles,
           endless(kChunked + chunk("<html>"), chunk(std::string(65'536, 'x'))), Type::kNotAnIndex),
      bomb("refusal without end", kIndexFiles,
           endless("HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n",
                   chunk(std::string(65'536, 'x'))),
           Type::kForbidden),
      bomb("gzip bomb", kIndexFiles, gzip_bomb, Type::kTooLarge),
      bomb("alias bomb", kIndexFiles, made(laughs), Type::kAliases),
      bomb("depth bomb", kIndexFiles, made(deep_yaml), Type::kTooLarge),
      bomb("depth bomb in JSON", kIndexFiles, made(deep_json), Type::kTooLarge),
      bomb("scalar bomb", kIndexFiles, made(long_scalar), Type::kTooLarge),
      bomb("entry bomb", {Way::kHttp}, made(many_entries), Type::kTooLarge),
      bomb("tag bomb", {Way::kOci}, made(many_tags), Type::kTooLarge),
      bomb("depth bomb in tags", {Way::kOci}, made(deep_json), Type::kMalformed),
  };
  return kRows;
}

}  // namespace lookout::repository
