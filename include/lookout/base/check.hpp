// LOOKOUT_CHECK: a broken invariant of our own code ends the process, in release
// builds too. Never used on data from outside; those are Results.
#pragma once

namespace lookout {

// Prints `file:line: check failed: expression` to standard error and aborts.
[[noreturn]] void check_failed(const char* file, int line, const char* expression);

}  // namespace lookout

#define LOOKOUT_CHECK(expression) \
  ((expression) ? static_cast<void>(0) : ::lookout::check_failed(__FILE__, __LINE__, #expression))
