// Input: a Link field and, behind a line feed, a second one. The next page is on the same host.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"

#include "src/repository/oci_link.hpp"

using namespace lookout;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const std::size_t line = text.find('\n');
  http::Headers headers{{"Link", text.substr(0, line)}};
  if (line != std::string::npos) headers.add("link", text.substr(line + 1));
  const auto page = http::parse_url("https://registry.example.com:8443/v2/a/tags/list?n=9").value();
  const auto next = repository::next_page(page, headers);
  if (!next || !*next) return 0;
  LOOKOUT_CHECK((*next)->origin() == page.origin() && (*next)->userinfo.empty());
  LOOKOUT_CHECK((*next)->path.find_first_of(" \r\n") == std::string::npos);
  LOOKOUT_CHECK((*next)->query.find_first_of(" \r\n") == std::string::npos);
  return 0;
}
