// The JSON of a release, read by events into facts.
#pragma once

#include "lookout/helm/release.hpp"

#include "src/helm/payload_source.hpp"

namespace lookout::helm {

DecodeOutcome read_release_json(PayloadSource& source, DecodeMode mode, const DecodeLimits& limits);

}  // namespace lookout::helm
