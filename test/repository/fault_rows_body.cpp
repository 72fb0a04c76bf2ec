#include "lookout/encoding/gzip.hpp"

#include "test/repository/fault_table.hpp"

namespace lookout::repository {
namespace {

using namespace std::chrono_literals;
using Type = ScanErrorType;

const std::string kGzip = "Content-Encoding: gzip\r\n";
const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string announced(std::size_t length) {
  return head("Content-Length: " + std::to_string(length) + "\r\n");
}

std::string with_bad_checksum() {
  std::string text = encoding::gzip(index_text(1));
  text[text.size() - 8] = static_cast<char>(text[text.size() - 8] ^ 1);
  return text;
}

Fault whole(const std::string& kind, const std::vector<Way>& ways, const FaultScript& script,
            Type type) {
  return {.kind = kind, .ways = ways, .script = script, .error = type};
}

// The transfer breaks, which S3 clients try again.
Fault broken(const std::string& kind, const FaultScript& script) {
  Fault fault = whole(kind, kEveryKind, script, Type::kConnect);
  fault.requests_s3 = 3;
  fault.waits_max = 150ms;
  return fault;
}

Fault stalled(const std::string& kind, const FaultScript& script) {
  Fault fault = whole(kind, kEveryKind, script, Type::kTimeout);
  fault.stalls = true;
  return fault;
}

}  // namespace

const std::vector<Fault>& body_faults() {
  static const std::vector<Fault> kRows = {
      whole("empty body", kEveryKind, body(""), Type::kEmpty),
      whole("comments alone", kIndexFiles, body("# nothing\n\n"), Type::kEmpty),
      whole("spaces alone", kEveryKind, body(" \n \n"), Type::kEmpty),
      whole("login page", kEveryKind,
            body("<!doctype html><p>Log in", "Content-Type: text/html\r\n"), Type::kNotAnIndex),
      whole("other YAML", kIndexFiles, body("just: yaml\n"), Type::kNotAnIndex),
      whole("other JSON", kEveryKind, body(R"({"message": "hello"})"), Type::kNotAnIndex),
      whole("JSON list", kEveryKind, body(R"(["1.0.0"])"), Type::kNotAnIndex),
      whole("YAML cut inside", kIndexFiles, body("apiVersion: v1\nentries: {a: ["),
            Type::kMalformed),
      whole("JSON cut inside", {Way::kOci}, body(R"({"tags": ["1.0.0")"), Type::kMalformed),
      whole("gzip cut off", kIndexFiles, body(encoding::gzip(index_text(1)).substr(0, 60), kGzip),
            Type::kMalformed),
      whole("gzip with a wrong checksum", kIndexFiles, body(with_bad_checksum(), kGzip),
            Type::kMalformed),
      whole("gzip that is none", kIndexFiles, body(index_text(1), kGzip), Type::kMalformed),
      whole("encoding that was not asked for", kIndexFiles,
            body(index_text(1), "Content-Encoding: br\r\n"), Type::kMalformed),

      broken("body shorter than announced", bytes(announced(9'999) + index_text(1))),
      broken("reset in the body", reset_after(announced(9'999) + index_text(1))),
      broken("last chunk missing", bytes(kChunked + chunk(index_text(1)))),
      broken("chunk of no size", bytes(kChunked + "xyz\r\n" + index_text(1))),
      broken("chunk of 2^64 bytes", bytes(kChunked + "10000000000000000\r\n" + index_text(1))),
      broken("closed before the head", bytes("")),
      broken("reset before the head", reset_after("")),
      broken("closed in the head", bytes("HTTP/1.1 200 OK\r\nETag: ")),
      broken("no HTTP", bytes("220 mail.example ESMTP\r\n\r\n")),
      broken("HTTP/9.9", bytes("HTTP/9.9 200 OK\r\n\r\n")),
      broken("header without a name", bytes("HTTP/1.1 200 OK\r\n: value\r\n\r\n")),
      broken("header with a control character", bytes(head("ETag: \x01\r\n"))),
      broken("two Content-Lengths", bytes(head("Content-Length: 5\r\nContent-Length: 6\r\n"))),
      broken("negative Content-Length", bytes(head("Content-Length: -5\r\n"))),
      broken("header without end", endless("HTTP/1.1 200 OK\r\nX: ", std::string(4'096, 'x'))),
      broken("interim answers without end", endless("", "HTTP/1.1 100 Continue\r\n\r\n")),
      broken("headers without end", endless("HTTP/1.1 200 OK\r\n", "X: y\r\n")),

      stalled("silence before the head", silence()),
      stalled("silence in the head", silence("HTTP/1.1 200 OK\r\nETag: ")),
      stalled("silence in the body", silence(announced(9'999) + index_text(1))),
      stalled("drip in the head", drip("HTTP/1.1 200 OK\r\nX: ", "x")),
      stalled("drip in the body", drip(kChunked, chunk("#"))),
  };
  return kRows;
}

}  // namespace lookout::repository
