#include "src/web/charts_page.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "lookout/base/text.hpp"
#include "lookout/encoding/time.hpp"
#include "lookout/http/url.hpp"

#include "src/web/html.hpp"

namespace lookout::web {
namespace {

using helm::ChartVersion;
using helm::IndexedChart;
using state::Repository;
using Releases = std::vector<const JoinedRelease*>;

std::string page_begin(std::string_view title, std::string_view root) {
  const std::string escaped = html_escape(title);
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         escaped + " – helm-lookout</title>\n<link rel=\"stylesheet\" href=\"" + std::string(root) +
         "style.css\">\n</head>\n<body>\n<h1>" + escaped + "</h1>\n";
}

constexpr std::string_view kPageEnd = "</body>\n</html>\n";

std::string cell(std::string_view html, std::string_view attributes = "") {
  return "<td" + std::string(attributes) + ">" + std::string(html) + "</td>";
}

std::string number_cell(std::size_t number) {
  return cell(std::to_string(number), " class=\"number\"");
}

// "2024-03-01 09:11", sorted by the second.
std::string date_cell(const std::optional<std::int64_t>& unix_seconds) {
  if (!unix_seconds) return cell("–", " class=\"date\" data-key=\"\"");
  const std::string text = encoding::format_rfc3339(*unix_seconds);
  return cell("<time datetime=\"" + text + "\" title=\"" + text + "\">" + text.substr(0, 10) + " " +
                  text.substr(11, 5) + "</time>",
              " class=\"date\" data-key=\"" + text + "\"");
}

std::optional<std::int64_t> to_unix_seconds(const std::optional<WallTime>& time) {
  if (!time) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count();
}

std::string deprecated_tag(bool deprecated) {
  return deprecated ? " <span class=\"tag\">deprecated</span>" : "";
}

std::string more(std::size_t left_out) {
  if (left_out == 0) return "";
  return "<p class=\"faint\">" + std::to_string(left_out) + " more are not shown.</p>\n";
}

std::string state_cell(const Repository& repository) {
  if (repository.up) return cell("<span class=\"up\">up</span>");
  if (!repository.last_attempt) return cell("<span class=\"faint\">not read yet</span>");
  return cell("<span class=\"down\">" + html_escape(repository.last_error_type) +
              "</span><br><span class=\"faint\">" + html_escape(repository.last_error) + "</span>");
}

std::string repository_row(const Repository& repository) {
  std::string row = "<tr>" + cell(html_escape(repository.name)) + cell(repository.type) +
                    cell(html_escape(repository.url)) + state_cell(repository) +
                    date_cell(to_unix_seconds(repository.last_success));
  if (repository.data == nullptr) return row + cell("–") + cell("–") + "</tr>\n";
  std::size_t versions = 0;
  for (const IndexedChart& chart : repository.data->index.charts) versions += chart.versions.size();
  return row + number_cell(repository.data->index.charts.size()) + number_cell(versions) +
         "</tr>\n";
}

std::string repositories_table(const state::RepositorySnapshot& repositories) {
  std::string table =
      "<div class=\"wide\"><table id=\"repositories\">\n<thead><tr><th>repository</th><th>type</th>"
      "<th>address</th><th>state</th><th>last read (UTC)</th><th class=\"number\">charts</th>"
      "<th class=\"number\">versions</th></tr></thead>\n<tbody>\n";
  for (const state::RepositoryPtr& repository : repositories) table += repository_row(*repository);
  return table + "</tbody></table></div>\n";
}

// Relative to the page itself, wherever it is served.
std::string chart_link(const ListedChart& listed, std::string_view text) {
  return "<a href=\"?repository=" + http::percent_encode(listed.repository->name) +
         "&amp;chart=" + http::percent_encode(listed.chart->name) + "\">" + std::string(text) +
         "</a>";
}

std::string icon(const Catalog& catalog, const IndexedChart& chart) {
  const std::string_view address =
      catalog.chart_icons ? icon_address(chart.about.icon) : std::string_view();
  if (address.empty()) return "";
  return "<img alt=\"\" loading=\"lazy\" width=\"24\" height=\"24\" src=\"" + html_escape(address) +
         "\"> ";
}

std::string name_cell(const Catalog& catalog, const ListedChart& listed) {
  std::string html = icon(catalog, *listed.chart) +
                     chart_link(listed, html_escape(listed.chart->name)) +
                     deprecated_tag(is_deprecated(*listed.chart));
  const std::string& description = listed.chart->about.description;
  if (!description.empty()) {
    html += "<br><span class=\"faint\">" + html_escape(description) + "</span>";
  }
  return cell(html);
}

std::string versions_cell(const ListedChart& listed) {
  const auto& versions = listed.chart->versions;
  std::string html = "<details><summary>" + std::to_string(versions.size()) + "</summary><ul>";
  const std::size_t shown = std::min(versions.size(), kListedMax);
  for (std::size_t i = 0; i < shown; ++i) {
    html += "<li>" + html_escape(versions[i].text) + deprecated_tag(versions[i].deprecated);
  }
  if (shown < versions.size()) html += "<li>" + chart_link(listed, "all of them");
  return cell(html + "</ul></details>",
              " class=\"number\" data-key=\"" + std::to_string(versions.size()) + "\"");
}

// What is wrong with the version that a release runs; "" for nothing.
std::string complaint(const state::ReleaseMatch& match) {
  if (match.chart_missing) return "missing";
  if (!match.outdated) return "";
  return std::to_string(match.versions_behind) + " behind";
}

std::string release_text(const JoinedRelease& joined) {
  std::string html = html_escape(joined.release->key.ns) + "/" +
                     html_escape(joined.release->key.name) + " " +
                     html_escape(joined.release->chart_version);
  const std::string wrong = complaint(*joined.match);
  if (!wrong.empty()) html += " <span class=\"tag\">" + wrong + "</span>";
  return html;
}

std::string uses_cell(const ListedChart& listed, const Releases& releases) {
  const std::string key = " class=\"number\" data-key=\"" + std::to_string(releases.size()) + "\"";
  if (releases.empty()) return cell("–", key);
  const auto behind = std::count_if(releases.begin(), releases.end(), [](const auto* each) {
    return !complaint(*each->match).empty();
  });
  std::string html = "<details><summary>" + std::to_string(releases.size());
  if (behind > 0) html += " <span class=\"tag\">" + std::to_string(behind) + " behind</span>";
  html += "</summary><ul>";
  const std::size_t shown = std::min(releases.size(), kListedMax);
  for (std::size_t i = 0; i < shown; ++i) html += "<li>" + release_text(*releases[i]);
  if (shown < releases.size()) html += "<li>" + chart_link(listed, "all of them");
  return cell(html + "</ul></details>", key);
}

std::string chart_row(const Catalog& catalog, const ListedChart& listed, const Releases& releases) {
  const ChartVersion* const latest = state::latest_stable(*listed.chart);
  return "<tr>" + name_cell(catalog, listed) + cell(html_escape(listed.repository->name)) +
         cell(latest == nullptr ? "–" : html_escape(latest->text)) +
         cell(latest == nullptr ? "" : html_escape(latest->app_version)) + versions_cell(listed) +
         date_cell(state::newest_created_seconds(*listed.chart)) + uses_cell(listed, releases) +
         "</tr>\n";
}

std::string charts_table(const Catalog& catalog, const std::vector<ListedChart>& charts) {
  const ChartUses uses(catalog);
  const std::size_t shown = std::min(charts.size(), kChartRowsMax);
  std::string table =
      "<h2>Charts</h2>\n<div hidden><input type=\"search\" id=\"filter\" "
      "placeholder=\"Filter charts\" aria-label=\"Filter charts\"> "
      "<span class=\"faint\"><span id=\"shown\">" +
      std::to_string(shown) + "</span> of " + std::to_string(shown) + "</span></div>\n" +
      more(charts.size() - shown);
  table +=
      "<div class=\"wide\"><table id=\"charts\">\n<thead><tr><th>chart</th><th>repository</th>"
      "<th>latest stable</th><th>app version</th><th class=\"number\">versions</th>"
      "<th>newest (UTC)</th><th class=\"number\">releases</th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < shown; ++i) {
    table += chart_row(catalog, charts[i], uses.of(charts[i]));
  }
  return table + "</tbody></table></div>\n";
}

std::string version_row(const ChartVersion& version) {
  return "<tr>" + cell(html_escape(version.text) + deprecated_tag(version.deprecated)) +
         cell(html_escape(version.app_version)) + date_cell(version.created_seconds) + "</tr>\n";
}

std::string versions_table(const IndexedChart& chart) {
  std::string table =
      "<h2>Versions</h2>\n<div class=\"wide\"><table id=\"versions\">\n<thead><tr>"
      "<th>version</th><th>app version</th><th>created (UTC)</th></tr></thead>\n"
      "<tbody>\n";
  const std::size_t shown = std::min(chart.versions.size(), kChartRowsMax);
  for (std::size_t i = 0; i < shown; ++i) table += version_row(chart.versions[i]);
  return table + "</tbody></table></div>\n" + more(chart.versions.size() - shown);
}

std::string releases_list(const Releases& releases) {
  if (releases.empty()) return "";
  std::string list = "<h2>Releases</h2>\n<ul id=\"releases\">\n";
  const std::size_t shown = std::min(releases.size(), kChartRowsMax);
  for (std::size_t i = 0; i < shown; ++i) list += "<li>" + release_text(*releases[i]) + "\n";
  return list + "</ul>\n" + more(releases.size() - shown);
}

}  // namespace

std::string_view icon_address(std::string_view icon) {
  const std::string start = to_lower(icon.substr(0, 16));
  return start.starts_with("https://") || start.starts_with("data:image/") ? icon
                                                                           : std::string_view();
}

std::string charts_page(const Catalog& catalog, std::string_view root) {
  std::string page = page_begin("Chart repositories", root) + "<p><a href=\"" + std::string(root) +
                     "\">helm-lookout</a></p>\n";
  if (catalog.repositories->empty()) {
    return page + "<p>No repositories are set.</p>\n" + std::string(kPageEnd);
  }
  page += repositories_table(*catalog.repositories);
  const std::vector<ListedChart> charts = list_charts(catalog);
  if (charts.empty()) return page + "<p>No charts yet.</p>\n" + std::string(kPageEnd);
  return page + charts_table(catalog, charts) + "<script src=\"" + std::string(root) +
         "charts.js\"></script>\n" + std::string(kPageEnd);
}

std::optional<std::string> chart_page(const Catalog& catalog, const ChartAddress& address,
                                      std::string_view root) {
  const std::vector<ListedChart> charts = list_charts(catalog);
  const auto at = std::find_if(charts.begin(), charts.end(), [&](const ListedChart& listed) {
    return listed.repository->name == address.repository && listed.chart->name == address.chart;
  });
  if (at == charts.end()) return std::nullopt;
  std::string page = page_begin(at->chart->name, root) + "<p>" + icon(catalog, *at->chart) +
                     "<a href=\"?\">all charts</a> – " + html_escape(at->repository->name) +
                     deprecated_tag(is_deprecated(*at->chart)) + "</p>\n";
  const std::string& description = at->chart->about.description;
  if (!description.empty()) page += "<p>" + html_escape(description) + "</p>\n";
  return page + releases_list(ChartUses(catalog).of(*at)) + versions_table(*at->chart) +
         std::string(kPageEnd);
}

}  // namespace lookout::web
