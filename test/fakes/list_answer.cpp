#include <algorithm>
#include <variant>

#include "lookout/base/text.hpp"
#include "lookout/encoding/gzip.hpp"

#include "test/fakes/api_answer.hpp"
#include "test/fakes/continue_token.hpp"

namespace lookout::fakes {
namespace {

constexpr std::size_t kGzipBytesMin = 128U << 10U;  // of APIResponseCompression

struct Page {
  ListHead head;
  std::vector<ObjectPtr> items;
};
using ViewOutcome = std::variant<ObjectStore::View, Refusal>;

std::string position_of(const Object& object) {
  return object.ns + "/" + object.name;
}

Refusal bad_request(std::string message) {
  return {400, "BadRequest", std::move(message), {}, "", "", ""};
}

Refusal expired_page(const ContinueToken& token) {
  Refusal out{410, "Expired", "", {}, encode_token({-1, token.last}), "", ""};
  out.message =
      "The provided continue parameter is too old to display a consistent list result. You can "
      "start a new list without the continue parameter, or use the continue token in this "
      "response to retrieve the remainder of the results.";
  return out;
}

ViewOutcome view_of_page(Exchange& exchange, const ContinueToken& token) {
  const ObjectStore& store = *exchange.context.store;
  const ApiCall& call = exchange.call;
  if (token.resource_version < 0) return store.list(call.resource, call.ns);
  auto view =
      store.list_at(call.resource, call.ns, static_cast<std::uint64_t>(token.resource_version));
  if (!view) return expired_page(token);
  return *std::move(view);
}

ViewOutcome view_of_version(Exchange& exchange, std::uint64_t version) {
  ObjectStore& store = *exchange.context.store;
  const ApiCall& call = exchange.call;
  if (!wait_for_version(exchange, version)) {
    return version_too_large(version, store.resource_version());
  }
  if (exchange.request.parameter("resourceVersionMatch") != "Exact") {
    return store.list(call.resource, call.ns);
  }
  auto view = store.list_at(call.resource, call.ns, version);
  if (!view) {
    return Refusal{410, "Expired", "The provided resource version is too old", {}, "", "", ""};
  }
  return *std::move(view);
}

ViewOutcome view_of(Exchange& exchange, const std::optional<ContinueToken>& token) {
  const auto version = requested_version(exchange.request);
  if (!version) return Refusal{500, "InternalError", "bad resource version", {}, "", "", ""};
  if (!token) return view_of_version(exchange, *version);
  if (!exchange.request.parameter("resourceVersion").empty()) {
    return bad_request("specifying resource version is not allowed when using continue");
  }
  return view_of_page(exchange, *token);
}

// At resourceVersion=0 the server has always ignored `limit`.
std::size_t items_max(const HttpRequest& request) {
  const auto limit = parse_number<std::size_t>(request.parameter("limit")).value_or(0);
  const bool ignored = limit == 0 || request.parameter("resourceVersion") == "0";
  return ignored ? static_cast<std::size_t>(-1) : limit;
}

Page make_page(Exchange& exchange, ObjectStore::View view,
               const std::optional<ContinueToken>& token) {
  Page page;
  page.head.resource = exchange.call.resource;
  page.head.resource_version = view.resource_version;
  const std::size_t limit = items_max(exchange.request);
  for (ObjectPtr& object : view.objects) {
    if (!exchange.selector.matches(*object)) continue;
    if (token && position_of(*object) <= token->last) continue;
    if (page.items.size() < limit) {
      page.items.push_back(std::move(object));
    } else {
      ++page.head.remaining_items;
    }
  }
  if (page.head.remaining_items > 0) {
    page.head.continue_token = encode_token(
        {static_cast<std::int64_t>(view.resource_version), position_of(*page.items.back())});
  }
  return page;
}

bool wants_gzip(const HttpRequest& request) {
  return request.header("Accept-Encoding").find("gzip") != std::string::npos;
}

bool send_compressible(Exchange& exchange, const Page& page, HeaderFields headers) {
  std::string body;
  encode_list(page.head, page.items, exchange.as, [&body](std::string_view piece) {
    body += piece;
    return true;
  });
  if (body.size() >= kGzipBytesMin) {
    headers.emplace_back("Content-Encoding", "gzip");
    body = encoding::gzip(body, 1);
  }
  return exchange.writer.start(200, headers, std::nullopt) && exchange.writer.add(body) &&
         exchange.writer.finish();
}

}  // namespace

bool answer_list(Exchange& exchange) {
  std::optional<ContinueToken> token;
  if (const std::string text = exchange.request.parameter("continue"); !text.empty()) {
    token = decode_token(text);
    if (!token) return answer_refusal(exchange, bad_request("continue key is not valid"));
  }
  ViewOutcome view = view_of(exchange, token);
  if (const Refusal* const refusal = std::get_if<Refusal>(&view)) {
    return answer_refusal(exchange, *refusal);
  }
  const Page page = make_page(exchange, std::get<ObjectStore::View>(std::move(view)), token);
  const HeaderFields headers{{"Content-Type", std::string(exchange.as.content_type())}};
  if (wants_gzip(exchange.request)) return send_compressible(exchange, page, headers);
  return exchange.writer.start(200, headers, std::nullopt) &&
         encode_list(page.head, page.items, exchange.as,
                     [&](std::string_view piece) { return exchange.writer.add(piece); }) &&
         exchange.writer.finish();
}

}  // namespace lookout::fakes
