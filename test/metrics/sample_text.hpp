// Text with every family in it, for golden files and docs/metrics.md.
#pragma once

#include <string>

#include "lookout/metrics/exposition.hpp"

namespace lookout::metrics::test {

// Releases in many states, hostile labels among them.
std::string sample_release_text(TextFormat format);
// 256 releases; the byte N, in angle brackets, is in the labels of release byte-N.
std::string sample_byte_text(TextFormat format);
// Every family of the controller's own, from stats with known values; process_* are true.
std::string sample_self_text(TextFormat format);

}  // namespace lookout::metrics::test
