// AWS credentials as endpoints and programs print them, and the command lines of such programs.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/check.hpp"

#include "src/aws/command_line.hpp"
#include "src/aws/credential_json.hpp"

using namespace lookout;
using namespace lookout::aws;

namespace {

constexpr std::string_view kCanary = "canary-in-the-mine";

std::string quoted(const std::string& word) {
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? "'\"'\"'" : std::string(1, c);
  return out + "'";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  for (const auto dialect : {CredentialDialect::kEndpoint, CredentialDialect::kProcess}) {
    const auto read = parse_credential_json(text, dialect);
    if (read) {
      LOOKOUT_CHECK(!read->access_key_id.empty() && !read->secret_access_key.empty());
    } else {
      LOOKOUT_CHECK(read.error().message.find(kCanary) == std::string::npos);
      LOOKOUT_CHECK(read.error().message.find('\n') == std::string::npos);
    }
  }
  const auto words = split_command_line(text);
  if (!words) return 0;
  std::string again;
  for (const std::string& word : *words) again += quoted(word) + ' ';
  LOOKOUT_CHECK(split_command_line(again).value() == *words);
  return 0;
}
