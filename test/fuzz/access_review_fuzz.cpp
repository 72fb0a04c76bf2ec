#include <cstdint>
#include <string_view>

#include "lookout/base/check.hpp"

#include "src/kube/access_review_json.hpp"

using namespace lookout;

// What any answer may lead to: a user with a name and bounded lists, or nobody; and whatever a user
// is called, the question about access can be written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(input), size);
  const std::string raw(text);
  for (const auto& audiences : {std::vector<std::string>{}, std::vector<std::string>{"mine"}}) {
    const auto user = kube::parse_token_review(text, audiences);
    if (!user || !*user) continue;
    LOOKOUT_CHECK(!(*user)->name.empty() && (*user)->groups.size() <= kube::kUserListMax);
    LOOKOUT_CHECK(!kube::access_review_json(**user, {"get", raw}).empty());
  }
  (void)kube::parse_access_review(text);
  LOOKOUT_CHECK(!kube::token_review_json(raw, {raw}).empty());
  return 0;
}
