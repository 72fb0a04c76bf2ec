#include "src/repository/body_checksum.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::repository;

namespace {

bool accepts(const http::Headers& headers, std::string_view body = "123456789") {
  BodyChecksum checksum(headers);
  checksum.take(body.substr(0, 3));
  checksum.take(body.substr(3));
  return checksum.finish().ok();
}

}  // namespace

TEST_CASE("body checksum: what is stated is checked") {
  const http::Headers stated =
      GENERATE(http::Headers{{"x-amz-checksum-crc32", "y/Q5Jg=="}},
               http::Headers{{"X-Amz-Checksum-Crc32c", " 4waSgw== "}},
               http::Headers{{"x-amz-checksum-crc64nvme", "rosUhgp5mIg="}});
  CHECK(accepts(stated));
  CHECK_FALSE(accepts(stated, "123456780"));
  CHECK_FALSE(accepts(stated, "12345678"));
}

TEST_CASE("body checksum: what cannot be checked is let pass, what is none is not") {
  CHECK(accepts({}));
  CHECK(accepts({{"x-amz-checksum-crc32", "AAAAAA==-3"}}));
  CHECK(accepts({{"x-amz-checksum-sha1", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}}));
  CHECK_FALSE(accepts({{"x-amz-checksum-crc32", ""}}));
  CHECK_FALSE(accepts({{"x-amz-checksum-crc32", "nonsense"}}));
}
