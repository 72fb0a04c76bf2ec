#include "lookout/encoding/digest.hpp"

#include <catch2/catch.hpp>

namespace lookout::encoding {
namespace {

// FIPS 180-4 examples and the Secure Hash Standard Validation System.
TEST_CASE("digest: SHA-256 of the standard's examples") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  }));
  CHECK(digest_hex(sha256(text)) == expected);
}

TEST_CASE("digest: HMAC-SHA-256 of RFC 4231") {
  const auto [key, text, expected] = GENERATE(table<std::string, std::string, std::string>({
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {"", "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
  }));
  CHECK(digest_hex(hmac_sha256(key, text)) == expected);
}

TEST_CASE("digest: its bytes are what its digits say") {
  const Digest digest = sha256("abc");
  REQUIRE(digest_bytes(digest).size() == 32);
  CHECK(digest_bytes(digest).substr(0, 2) == "\xba\x78");
}

}  // namespace
}  // namespace lookout::encoding
