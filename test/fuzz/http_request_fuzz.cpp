// Bytes of a connection through the server's parser and judge: requests come out the
// same however the bytes are split, and none that is accepted holds what handlers are
// promised never to see.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/check.hpp"

#include "src/http/server_reader.hpp"

namespace {

using namespace lookout::http;

void check_accepted(const Accepted& accepted, const ServerLimits& limits) {
  const std::string& path = accepted.request.path;
  LOOKOUT_CHECK(!path.empty() && path.front() == '/');
  LOOKOUT_CHECK(path.find('\0') == std::string::npos);
  LOOKOUT_CHECK((path + "/").find("/../") == std::string::npos);
  LOOKOUT_CHECK(accepted.request.method != Method::kPost);
  LOOKOUT_CHECK(accepted.request.headers.fields().size() <= limits.header_fields_max);
  LOOKOUT_CHECK(accepted.request.headers.find("Transfer-Encoding") == nullptr);
}

// Status and target of each verdict, up to the refusal that ends a connection.
std::vector<std::string> read_all(std::string_view bytes, std::size_t step) {
  const ServerLimits limits;
  RequestReader reader(limits);
  std::vector<std::string> verdicts;
  while (!bytes.empty()) {
    reader.append(bytes.substr(0, step));
    bytes.remove_prefix(step < bytes.size() ? step : bytes.size());
    while (const auto verdict = reader.next()) {
      if (const auto* refusal = std::get_if<Refusal>(&*verdict)) {
        verdicts.push_back(std::to_string(refusal->status));
        return verdicts;
      }
      const auto& accepted = std::get<Accepted>(*verdict);
      check_accepted(accepted, limits);
      verdicts.push_back(accepted.request.path + "?" + accepted.request.query);
    }
  }
  return verdicts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t step = data[0] + std::size_t{1};
  LOOKOUT_CHECK(read_all(bytes, bytes.size()) == read_all(bytes, step));
  return 0;
}
