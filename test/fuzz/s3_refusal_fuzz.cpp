// Input: one byte for the status, then a body. Whatever S3 answers becomes one line.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"
#include "lookout/encoding/xml.hpp"

#include "src/repository/s3_refusal.hpp"

using namespace lookout;
using namespace lookout::repository;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const http::ResponseHead head{300 + bytes[0], {}};
  const S3Refusal refusal = read_s3_refusal(head, body);
  (void)remedy_of(refusal, "us-east-1");
  const auto url = http::parse_url("https://bucket.s3.amazonaws.com/index.yaml").value();
  for (const S3Access access : {S3Access::kSigned, S3Access::kAnonymous}) {
    const ScanError failure = s3_failure(refusal, url, access);
    LOOKOUT_CHECK(!failure.message.empty() && failure.message.size() < 1'000);
    LOOKOUT_CHECK(failure.message.find_first_of("\r\n") == std::string::npos);
  }
  constexpr encoding::XmlLimits kSmall{4'096, 8, 50};
  const auto document = encoding::parse_xml(body, kSmall);
  LOOKOUT_CHECK(!document || document->children.size() < kSmall.elements_max);
  return 0;
}
