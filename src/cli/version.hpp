// What this binary is.
#pragma once

#include <string>

namespace lookout::cli {

std::string version();       // "0.1.0"
std::string commit();        // of the sources, "unknown" outside a checkout
std::string compiler();      // "GNU 12.2.0"
std::string version_line();  // "helm-lookout 0.1.0 (commit 1a2b3c4, GNU 12.2.0)"

}  // namespace lookout::cli
