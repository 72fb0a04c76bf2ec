#include "test/fakes/api_answer.hpp"

#include "lookout/base/text.hpp"

#include "test/fakes/waker_registration.hpp"

namespace lookout::fakes {

bool answer_refusal(Exchange& exchange, const Refusal& refusal) {
  HeaderFields headers{{"Content-Type", std::string(exchange.as.content_type())}};
  if (refusal.retry_after_seconds) {
    headers.emplace_back("Retry-After", std::to_string(*refusal.retry_after_seconds));
  }
  return exchange.writer.whole(refusal.code, std::move(headers),
                               encode_refusal(refusal, exchange.as));
}

bool answer_object(Exchange& exchange) {
  const ApiCall& call = exchange.call;
  const ObjectPtr object = exchange.context.store->find({call.resource, call.ns, call.name});
  if (!object) {
    return answer_refusal(
        exchange, {404, "NotFound", quote_bounded(call.name) + " not found", {}, "", "", ""});
  }
  return exchange.writer.whole(200, {{"Content-Type", std::string(exchange.as.content_type())}},
                               encode_object(*object, exchange.as));
}

std::optional<std::uint64_t> requested_version(const HttpRequest& request) {
  const std::string text = request.parameter("resourceVersion");
  return text.empty() ? 0 : parse_number<std::uint64_t>(text);
}

bool wait_for_version(Exchange& exchange, std::uint64_t version) {
  ObjectStore& store = *exchange.context.store;
  const WakerRegistration registration(store, exchange.connection.waker());
  const MonoTime deadline =
      std::chrono::steady_clock::now() + exchange.context.options.future_version_delay;
  while (store.resource_version() < version) {
    if (exchange.connection.wait(deadline) != Connection::Event::kWoken) return false;
  }
  return true;
}

Refusal version_too_large(std::uint64_t wanted, std::uint64_t current) {
  Refusal out;
  out.code = 504;
  out.reason = "Timeout";
  out.message = "Timeout: Too large resource version: " + std::to_string(wanted) +
                ", current: " + std::to_string(current);
  out.retry_after_seconds = 1;
  out.cause_reason = "ResourceVersionTooLarge";
  out.cause_message = "Too large resource version";
  return out;
}

}  // namespace lookout::fakes
