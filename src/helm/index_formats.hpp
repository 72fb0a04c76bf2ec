// An index in either of its formats, read to its end.
#pragma once

#include <optional>

#include "lookout/helm/chart_index.hpp"

#include "src/helm/index_input.hpp"

namespace lookout::helm {

IndexOutcome read_yaml_index(IndexInput& input, const IndexLimits& limits);

// nullopt when the text is not valid JSON: then Helm reads it as YAML.
std::optional<IndexOutcome> read_json_index(IndexInput& input, const IndexLimits& limits);

// The failure of `input`: its source's own, without a defect, or what exceeds a limit.
IndexFailure input_failure(const IndexInput& input, const Error& error);

}  // namespace lookout::helm
