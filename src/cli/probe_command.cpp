#include <cstdio>
#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/http/beast_transport.hpp"
#include "lookout/system/files.hpp"

#include "src/cli/commands.hpp"
#include "src/cli/probe.hpp"
#include "src/cli/table.hpp"

namespace lookout::cli {

int run_probe(const ProbeCommand& command) {
  const SystemClock clock;
  const ProbeContext context{[](http::TransportOptions options) {
                               return http::create_beast_transport(std::move(options));
                             },
                             clock, system::environment()};
  const auto status = probe(command, context);
  if (status) return print(std::to_string(*status) + "\n") ? 0 : 1;
  std::fprintf(stderr, "helm-lookout: %s\n", status.error().message.c_str());
  return status.error().code == ErrorCode::kInvalid ? 2 : 1;
}

}  // namespace lookout::cli
