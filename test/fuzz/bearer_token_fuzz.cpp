// Tokens of visitors and of the token file: what the file lists is what a header can show.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"
#include "lookout/base/text.hpp"
#include "lookout/web/static_tokens.hpp"

#include "src/web/bearer_token.hpp"

using namespace lookout;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const http::Headers headers{{"Authorization", text}};
  const auto shown = web::bearer_token(headers);
  LOOKOUT_CHECK(!shown || web::is_bearer_token(*shown));
  const auto tokens = web::StaticTokens::parse(text);
  if (!tokens) {
    LOOKOUT_CHECK(tokens.error().message.starts_with("line "));
    LOOKOUT_CHECK(tokens.error().message.size() < 100);
    return 0;
  }
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view token = trim(line);
    if (token.empty() || token.front() == '#') continue;
    const http::Headers known{{"authorization", "bearer " + std::string(token)}};
    LOOKOUT_CHECK(tokens->contains(web::bearer_token(known).value()));
  }
  return 0;
}
