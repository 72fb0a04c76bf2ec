#include "test/repository/fake_registry.hpp"

#include <algorithm>

#include "lookout/encoding/digest.hpp"

namespace lookout::repository {
namespace {

using Response = fakes::ScriptedResponse;

class FakeTransport final : public http::Transport {
 public:
  FakeTransport(FakeRegistry& registry, std::string origin)
      : registry_(registry), origin_(std::move(origin)) {}

  Result<void> send(const http::Request& request, http::BodySink& sink,
                    std::stop_token stop) override {
    fakes::ScriptedTransport once;
    once.add(registry_.serve({origin_, request}));
    return once.send(request, sink, std::move(stop));
  }

 private:
  FakeRegistry& registry_;
  const std::string origin_;
};

std::string digest_of(const std::string& text) {
  return "sha256:" + encoding::digest_hex(encoding::sha256(text));
}

std::string config_text(const PushedChart& chart, const std::string& tag) {
  return R"({"name": "app", "version": ")" + tag + R"(", "appVersion": ")" + chart.app_version +
         R"(", "deprecated": )" + (chart.deprecated ? "true" : "false") + "}";
}

std::string manifest_text(const PushedChart& chart, const std::string& config_digest) {
  return R"({"schemaVersion": 2, "config": {"mediaType": ")" + chart.config_type +
         R"(", "digest": ")" + config_digest +
         R"("}, "annotations": {"org.opencontainers.image.created": ")" + chart.created + "\"}}";
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const std::size_t begin = text.find(before);
  if (begin == std::string::npos) return "";
  const std::size_t from = begin + before.size();
  return text.substr(from, text.find(after, from) - from);
}

std::string decoded(const std::string& text) {
  return http::percent_decode(text).value();
}

Response not_found(const std::string& code) {
  return answer(404, {{"Content-Type", "application/json"}},
                {R"({"errors": [{"code": ")" + code + R"(", "message": "no"}]})"});
}

}  // namespace

void FakeRegistry::push(const std::string& repository, const std::string& tag,
                        const PushedChart& chart) {
  const std::string config = config_text(chart, tag);
  content_[digest_of(config)] = config;
  const std::string manifest = manifest_text(chart, digest_of(config));
  content_[digest_of(manifest)] = manifest;
  tags_[repository][tag] = digest_of(manifest);
}

void FakeRegistry::remove(const std::string& repository, const std::string& tag) {
  tags_[repository].erase(tag);
}

http::TransportFactory FakeRegistry::factory() {
  return [this](http::TransportOptions options) -> Result<std::unique_ptr<http::Transport>> {
    return std::unique_ptr<http::Transport>(
        std::make_unique<FakeTransport>(*this, options.origin.origin()));
  };
}

std::size_t FakeRegistry::requests_with(const std::string& part, http::Method method) {
  const auto found = std::count_if(requests_.begin(), requests_.end(), [&](const auto& seen) {
    return seen.request.method == method && seen.request.target.find(part) != std::string::npos;
  });
  return static_cast<std::size_t>(found);
}

Response FakeRegistry::serve(const SeenRequest& seen) {
  requests_.push_back(seen);
  if (fault) {
    if (std::optional<Response> answered = fault(seen)) return std::move(*answered);
  }
  if (seen.origin == kAuthOrigin) return serve_token(seen.request);
  if (seen.origin != kOrigin) return answer(404);
  if (std::optional<Response> refusal = refuse(seen)) return std::move(*refusal);
  const std::string target = decoded(seen.request.target);
  const std::size_t question = target.find('?');
  const std::string path = target.substr(0, question);
  if (path.ends_with("/tags/list")) {
    return serve_tags(path, question == std::string::npos ? "" : target.substr(question + 1));
  }
  Response response = serve_content(path);
  if (seen.request.method == http::Method::kHead) response.body.clear();
  return response;
}

std::optional<Response> FakeRegistry::refuse(const SeenRequest& seen) const {
  const std::string given = header(seen.request, "Authorization");
  const std::string unauthorized = R"({"errors": [{"code": "UNAUTHORIZED"}]})";
  if (access == Access::kBasic && given != authorization) {
    return answer(401, {{"WWW-Authenticate", "Basic realm=\"reg\""}}, {unauthorized});
  }
  if (access != Access::kToken) return std::nullopt;
  const bool list = seen.request.target.find("/tags/list") != std::string::npos;
  const std::string end =
      list ? "/tags"
           : (seen.request.target.find("/blobs/") != std::string::npos ? "/blobs" : "/manifests");
  const std::string scope = "repository:" + between(seen.request.target, "/v2/", end) + ":" +
                            (list ? tags_action : "pull");
  const auto token = tokens_.find(given.substr(std::min<std::size_t>(given.size(), 7)));
  if (token != tokens_.end() && token->second == scope) return std::nullopt;
  return answer(401,
                {{"WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"reg\",scope=\"" +
                                          scope + "\",error=\"invalid_token\""}},
                {unauthorized});
}

Response FakeRegistry::serve_token(const http::Request& request) {
  if (!authorization.empty() && header(request, "Authorization") != authorization) {
    return answer(401, {}, {R"({"details": "incorrect username or password"})"});
  }
  const std::string token = "token-" + std::to_string(++tokens_made_);
  tokens_[token] = decoded(between(request.target + request.body, "scope=", "&"));
  return answer(200, {{"Content-Type", "application/json"}},
                {R"({"token": ")" + token + R"(", "expires_in": )" +
                 std::to_string(token_lifetime_seconds) + "}"});
}

Response FakeRegistry::serve_tags(const std::string& path, const std::string& query) const {
  const std::string repository = between(path, "/v2/", "/tags/list");
  const auto known = tags_.find(repository);
  if (known == tags_.end()) return not_found("NAME_UNKNOWN");
  const std::string last = between(query, "last=", "&");
  std::string list;
  std::size_t count = 0;
  auto tag = last.empty() ? known->second.begin() : known->second.upper_bound(last);
  std::string end;
  for (; tag != known->second.end() && count < page_size; ++tag, ++count) {
    end = tag->first;
    list.append(list.empty() ? "\"" : ", \"").append(end).append("\"");
  }
  Response response = answer(200, {{"Content-Type", "application/json"}},
                             {R"({"name": ")" + repository + R"(", "tags": [)" + list + "]}"});
  // Like distribution: a full last page links to an empty one.
  if (count == page_size) {
    response.headers.add("Link", "<" + path + "?last=" + end + ">; rel=\"next\"");
  }
  return response;
}

Response FakeRegistry::serve_content(const std::string& path) const {
  std::string digest = path.substr(path.rfind('/') + 1);
  const auto repository = tags_.find(between(path, "/v2/", "/manifests/"));
  if (repository != tags_.end()) {
    const auto tag = repository->second.find(digest);
    if (tag == repository->second.end()) return not_found("MANIFEST_UNKNOWN");
    digest = tag->second;
  }
  const auto content = content_.find(digest);
  if (content == content_.end()) return not_found("BLOB_UNKNOWN");
  return answer(200, {{"Docker-Content-Digest", digest}}, {content->second});
}

}  // namespace lookout::repository
