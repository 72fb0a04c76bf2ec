// One request to the fake API server, and everything needed to answer it.
#pragma once

#include "test/fakes/api_call.hpp"
#include "test/fakes/response_writer.hpp"
#include "test/fakes/selector.hpp"
#include "test/fakes/server_context.hpp"

namespace lookout::fakes {

struct Exchange {
  ServerContext& context;
  Connection& connection;
  const HttpRequest& request;
  const ApiCall& call;
  const Fault& fault;
  ResponseWriter& writer;
  Representation as;
  Selector selector;
};

// Each returns whether the connection can be used again.
bool answer_refusal(Exchange& exchange, const Refusal& refusal);
bool answer_object(Exchange& exchange);
bool answer_list(Exchange& exchange);
bool answer_watch(Exchange& exchange);

// A resourceVersion parameter: "" and "0" are "any" (0). nullopt: not a number.
std::optional<std::uint64_t> requested_version(const HttpRequest& request);
// Waits a while for a resourceVersion from the future; false: it did not come.
bool wait_for_version(Exchange& exchange, std::uint64_t version);
Refusal version_too_large(std::uint64_t wanted, std::uint64_t current);

}  // namespace lookout::fakes
