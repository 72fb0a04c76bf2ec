// What a storage object's name stands for is written back as that name, byte by byte.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"
#include "lookout/helm/secret_meta.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace lookout::helm;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  for (const std::string& name : {std::string(text), "sh.helm.release.v1." + std::string(text)}) {
    const ParsedName parsed = parse_storage_name(name);
    if (!parsed.name) continue;
    LOOKOUT_CHECK(parsed.name->revision > 0 && parsed.name->revision <= 0x7fffffff);
    LOOKOUT_CHECK(storage_name(parsed.name->release, parsed.name->revision) == name);
  }
  if (const auto status = parse_status(text)) LOOKOUT_CHECK(status_name(*status) == text);
  return 0;
}
