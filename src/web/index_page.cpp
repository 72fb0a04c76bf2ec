#include "src/web/index_page.hpp"

#include "lookout/base/text.hpp"
#include "lookout/http/url.hpp"

#include "src/web/html.hpp"

namespace lookout::web {

std::string relative_link(std::string_view path) {
  std::string link = ".";
  for (const std::string_view segment : split(path.substr(1), '/')) {
    link += "/" + http::percent_encode(segment);
  }
  return link;
}

std::string index_page(std::string_view version, const HealthReport& readiness,
                       const std::vector<Endpoint>& endpoints) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>helm-lookout</title>\n"
      "<link rel=\"stylesheet\" href=\"./style.css\">\n</head>\n<body>\n<h1>helm-lookout</h1>\n";
  page += "<p>" + html_escape(version) + " – ";
  page += readiness.ready ? "ready" : "not ready: " + html_escape(readiness.reason);
  page += "</p>\n<dl>\n";
  for (const Endpoint& endpoint : endpoints) {
    if (endpoint.about.empty()) continue;
    page += "<dt><a href=\"" + html_escape(relative_link(endpoint.path)) + "\">" +
            html_escape(endpoint.path) + "</a></dt>\n<dd>" + html_escape(endpoint.about) +
            "</dd>\n";
  }
  return page + "</dl>\n</body>\n</html>\n";
}

}  // namespace lookout::web
