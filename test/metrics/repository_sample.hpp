// Text with every family of repositories and of the join in it, for golden files and
// docs/metrics.md.
#pragma once

#include <string>

#include "lookout/metrics/exposition.hpp"

namespace lookout::metrics::test {

// An S3 repository with hostile labels, one that was scanned once and fails now, one never
// scanned; releases with each kind of match.
std::string sample_repository_text(TextFormat format);

}  // namespace lookout::metrics::test
