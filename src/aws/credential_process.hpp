// credential_process of a profile: a program that prints credentials.
#pragma once

#include <string>

#include "lookout/base/result.hpp"

#include "src/aws/source_context.hpp"

namespace lookout::aws {

// Runs it without a shell. Nothing that it prints is quoted. kInvalid: no such program, no
// command line; kUnavailable: it fails, takes too long or prints something else.
Result<Credentials> run_credential_process(const SourceContext& context,
                                           const std::string& command_line);

}  // namespace lookout::aws
