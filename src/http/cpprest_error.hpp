// cpprestsdk's exceptions as our errors. It keeps the number of an error but loses
// its category, and tells the phase only by its English text (2.10.18,
// http_client_asio.cpp), so both are read together here and nowhere else.
#pragma once

#include <exception>
#include <string>

#include "lookout/base/result.hpp"

namespace lookout::http {

enum class Progress { kNoHead, kHeadDelivered };

struct Failure {
  Error error;
  bool connect_failed = false;  // the peer's address may have changed
  // Nothing of the request can have been acted upon: a pooled connection was dead.
  bool request_unsent = false;
};

// `tls_refusal`: why the peer's certificate was refused last, "" when it was not.
Failure describe_failure(std::exception_ptr thrown, Progress progress,
                         const std::string& tls_refusal);

}  // namespace lookout::http
