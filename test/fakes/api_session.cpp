#include "test/fakes/api_session.hpp"

#include <array>
#include <string_view>

#include "lookout/base/text.hpp"

#include "test/fakes/json_text.hpp"

namespace lookout::fakes {
namespace {

struct FixedAnswer {
  std::string_view path;
  std::string_view content_type;
  std::string_view body;
};
// Enough of discovery for kubectl and helm.
constexpr std::array<FixedAnswer, 6> kFixedAnswers = {{
    {"/readyz", "text/plain; charset=utf-8", "ok"},
    {"/livez", "text/plain; charset=utf-8", "ok"},
    {"/healthz", "text/plain; charset=utf-8", "ok"},
    {"/api", "application/json",
     R"({"kind":"APIVersions","versions":["v1"],"serverAddressByClientCIDRs":[]})"},
    {"/apis", "application/json", R"({"kind":"APIGroupList","apiVersion":"v1","groups":[]})"},
    {"/api/v1", "application/json",
     R"({"kind":"APIResourceList","groupVersion":"v1","resources":[)"
     R"({"name":"secrets","singularName":"secret","namespaced":true,"kind":"Secret",)"
     R"("verbs":["get","list","watch"]},)"
     R"({"name":"configmaps","singularName":"configmap","namespaced":true,"kind":"ConfigMap",)"
     R"("verbs":["get","list","watch"]}]})"},
}};

std::string version_json(const std::string& git_version) {
  const std::vector<std::string_view> parts = split(git_version, '.');
  std::string out = R"({"major":"1","minor":)";
  append_quoted(out, parts.size() > 1 ? parts[1] : std::string_view());
  out += R"(,"gitVersion":)";
  append_quoted(out, git_version);
  return out + R"(,"platform":"linux/amd64"})";
}

bool answer_other(Exchange& exchange) {
  if (exchange.request.path == "/version") {
    return exchange.writer.whole(200, {{"Content-Type", "application/json"}},
                                 version_json(exchange.context.options.git_version));
  }
  for (const FixedAnswer& fixed : kFixedAnswers) {
    if (fixed.path != exchange.request.path) continue;
    return exchange.writer.whole(200, {{"Content-Type", std::string(fixed.content_type)}},
                                 fixed.body);
  }
  const int code = exchange.request.method == "GET" ? 404 : 405;
  return answer_refusal(exchange, {code,
                                   code == 404 ? "NotFound" : "MethodNotAllowed",
                                   "the server could not find the requested resource",
                                   {},
                                   "",
                                   "",
                                   ""});
}

bool answer_call(Exchange& exchange) {
  switch (exchange.call.verb) {
    case Verb::kGet: return answer_object(exchange);
    case Verb::kList: return answer_list(exchange);
    case Verb::kWatch:
    case Verb::kWatchList: return answer_watch(exchange);
    case Verb::kOther: break;
  }
  return answer_other(exchange);
}

bool stall(Connection& connection) {
  while (connection.wait(MonoTime::max()) == Connection::Event::kWoken) continue;
  return false;
}

bool answer_true(Exchange& exchange) {
  auto selector = Selector::parse(exchange.request.parameter("labelSelector"),
                                  exchange.request.parameter("fieldSelector"));
  if (!selector) {
    return answer_refusal(exchange, {400, "BadRequest", selector.error().message, {}, "", "", ""});
  }
  exchange.selector = *std::move(selector);
  return answer_call(exchange);
}

std::optional<OwnPage> page_of(const Exchange& exchange) {
  const OwnPages& pages = exchange.context.options.pages;
  if (exchange.call.verb != Verb::kOther || !pages) return std::nullopt;
  return pages(exchange.request);
}

// Who asks, then what the script says, then the truth.
bool answer(ServerContext& context, Connection& connection, const HttpRequest& request) {
  const ApiCall call = parse_call(request);
  const Fault fault = context.faults.next(call.verb, target_of(request));
  context.log.add({call.verb, request, std::chrono::steady_clock::now()});
  ResponseWriter writer(connection, fault);
  if (fault.stall_before_head) return stall(connection);
  if (fault.answer) {
    return writer.whole(fault.answer->status, {{"Content-Type", fault.answer->content_type}},
                        fault.answer->body);
  }
  auto as = negotiate(request, call.verb, {!fault.ignore_metadata, !fault.json_only});
  if (as && fault.pretty) as->pretty = !as->protobuf;
  Exchange exchange{context, connection, request, call, fault, writer, {}, {}};
  exchange.as = as.value_or(Representation{});
  if (fault.refusal) return answer_refusal(exchange, *fault.refusal);
  if (!context.authorized(request)) {
    return answer_refusal(exchange, {401, "Unauthorized", "Unauthorized", {}, "", "", ""});
  }
  if (const auto page = page_of(exchange)) {
    return writer.whole(page->status, page->headers, page->body);
  }
  if (!as) {
    return writer.whole(406, {{"Content-Type", "text/plain; charset=utf-8"}},
                        "only the following media types are accepted: application/json, "
                        "application/vnd.kubernetes.protobuf\n");
  }
  return answer_true(exchange);
}

}  // namespace

void serve_connection(ServerContext& context, Connection& connection) {
  RequestReader reader(connection);
  while (const auto request = reader.next()) {
    if (!answer(context, connection, *request)) return;
    if (equals_ignoring_case(request->header("Connection"), "close")) return;
  }
}

}  // namespace lookout::fakes
