#include "src/cli/version.hpp"

namespace lookout::cli {

std::string version() {
  return LOOKOUT_VERSION;
}

std::string commit() {
  return LOOKOUT_COMMIT;
}

std::string compiler() {
  return LOOKOUT_COMPILER;
}

std::string version_line() {
  return "helm-lookout " + version() + " (commit " + commit() + ", " + compiler() + ")";
}

}  // namespace lookout::cli
