#include "test/repository/scan_fixture.hpp"

#include <catch2/catch.hpp>

#include <utility>

namespace lookout::repository {
std::string index_text(int versions) {
  std::string text = "apiVersion: v1\nentries:\n  app:\n";
  for (int i = 0; i < versions; ++i) {
    text += "  - apiVersion: v2\n    name: app\n    version: 1." + std::to_string(i) +
            ".0\n    urls: [app.tgz]\n    created: \"2024-03-01T10:11:12Z\"\n";
  }
  return text + "generated: \"2024-03-01T10:11:12Z\"\n";
}

fakes::ScriptedResponse answer(int status, http::Headers headers, std::vector<std::string> body) {
  fakes::ScriptedResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = std::move(body);
  return response;
}

fakes::ScriptedResponse index_answer(http::Headers headers) {
  return answer(200, std::move(headers), {index_text()});
}

std::string header(const http::Request& request, std::string_view name) {
  const std::string* const value = request.headers.find(name);
  return value == nullptr ? "" : *value;
}

ScanData data_of(ScanOutcome outcome) {
  if (const auto* const error = std::get_if<ScanError>(&outcome)) FAIL(error->message);
  REQUIRE(std::holds_alternative<ScanData>(outcome));
  return std::get<ScanData>(std::move(outcome));
}

ScanError error_of(ScanOutcome outcome) {
  REQUIRE(std::holds_alternative<ScanError>(outcome));
  return std::get<ScanError>(std::move(outcome));
}

}  // namespace lookout::repository
