#include "test/repository/fault_table.hpp"

namespace lookout::repository {
namespace {

using namespace std::chrono_literals;
using Type = ScanErrorType;

Fault refused(const std::string& kind, const std::string& location) {
  return {.kind = "redirect " + kind,
          .ways = kFollowing,
          .script = redirect(302, location),
          .error = Type::kRedirect};
}

Fault abroad(int code) {
  return {.kind = "redirect " + std::to_string(code) + " to a foreign host",
          .ways = kFollowing,
          .script = redirect_abroad(code),
          .error = std::nullopt,
          .abroad = 1};
}

}  // namespace

const std::vector<Fault>& redirect_faults() {
  static const std::vector<Fault> kRows = {
      abroad(301),
      abroad(302),
      abroad(303),
      abroad(307),
      abroad(308),
      {.kind = "redirect loop",
       .ways = kFollowing,
       .script =
           [](Exchange& exchange) {
             exchange.answer(302, "Location: " + exchange.target() + "\r\n", "");
           },
       .error = Type::kRedirect,
       .requests = 6},
      {.kind = "redirect without a target",
       .ways = kEveryKind,
       .script = status(302),
       .error = Type::kRedirect},
      refused("to a target that is none", "http://[/"),
      refused("to a link-local address", "http://169.254.169.254/latest/meta-data/"),
      refused("to a link-local address in decimal", "http://2852039166/"),
      refused("to a link-local address in IPv6", "http://[::ffff:169.254.169.254]/"),
      refused("to a name of a metadata service", "http://metadata.google.internal/"),
      refused("to a file", "file:///etc/passwd"),
      {.kind = "redirect from https to http",
       .ways = {Way::kHttps},
       .script = redirect_abroad(302),
       .error = Type::kRedirect},
      {.kind = "redirect of S3 to a foreign host",
       .ways = {Way::kS3},
       .script = redirect_abroad(307),
       .error = Type::kRedirect},
      {.kind = "redirect of S3 to a link-local address",
       .ways = {Way::kS3},
       .script = redirect(302, "http://169.254.169.254/"),
       .error = Type::kRedirect},
  };
  return kRows;
}

}  // namespace lookout::repository
