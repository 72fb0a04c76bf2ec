#include "src/web/query.hpp"

#include <algorithm>

#include "lookout/base/text.hpp"
#include "lookout/http/url.hpp"

namespace lookout::web {
namespace {

Result<std::string> decode(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return http::percent_decode(spaced);
}

}  // namespace

Result<QueryParameters> parse_query(std::string_view query) {
  QueryParameters parameters;
  for (const std::string_view part : split(query, '&')) {
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    auto name = decode(part.substr(0, equals));
    auto value = decode(part.substr(std::min(equals + 1, part.size())));
    if (!name) return name.error();
    if (!value) return value.error();
    parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return parameters;
}

std::optional<std::string> find_parameter(const QueryParameters& parameters,
                                          std::string_view name) {
  const auto at = std::find_if(parameters.begin(), parameters.end(),
                               [name](const auto& each) { return each.first == name; });
  if (at == parameters.end()) return std::nullopt;
  return at->second;
}

}  // namespace lookout::web
