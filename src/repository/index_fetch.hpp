// One GET of an index: parsed while it arrives, never held whole.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <variant>

#include "lookout/helm/chart_index.hpp"
#include "lookout/http/transport.hpp"
#include "lookout/repository/scan.hpp"

namespace lookout::repository {

// The beginning of the body of any answer but 200, at most kRefusalBytesMax.
struct Refusal {
  std::string body;
};

struct IndexFetch {
  http::ResponseHead head;  // status 0: none came
  std::variant<helm::ChartIndex, Refusal, helm::IndexFailure> content;
  std::uint64_t bytes = 0;  // as fetched
};

// Blocks until the transport and the parser, which runs on a thread of its own from the moment a
// 200 arrives, have both ended. A failed transfer is an IndexFailure without a defect.
IndexFetch fetch_index(http::Transport& transport, const http::Request& request,
                       std::stop_token stop);

}  // namespace lookout::repository
