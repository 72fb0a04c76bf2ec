#include "src/web/charts_page.hpp"

#include <algorithm>
#include <vector>

#include "lookout/encoding/time.hpp"
#include "lookout/helm/chart_index.hpp"
#include "lookout/http/url.hpp"

#include "src/web/html.hpp"

namespace lookout::web {
namespace {

using helm::ChartVersion;
using helm::IndexedChart;
using state::Repository;

std::string page_begin(std::string_view title, std::string_view root) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
  page += html_escape(title);
  page += " – helm-lookout</title>\n<link rel=\"stylesheet\" href=\"";
  page += root;
  page += "style.css\">\n</head>\n<body>\n<h1>";
  return page + html_escape(title) + "</h1>\n";
}

constexpr std::string_view kPageEnd = "</body>\n</html>\n";

std::string cell(std::string_view text, std::string_view attributes = "") {
  return "<td" + std::string(attributes) + ">" + std::string(text) + "</td>";
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

std::size_t count_versions(const Repository& repository) {
  std::size_t count = 0;
  for (const IndexedChart& chart : repository.data->index.charts) count += chart.versions.size();
  return count;
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
  return row + number_cell(repository.data->index.charts.size()) +
         number_cell(count_versions(repository)) + "</tr>\n";
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
std::string versions_link(std::string_view repository, std::string_view chart) {
  return "?repository=" + http::percent_encode(repository) +
         "&amp;chart=" + http::percent_encode(chart);
}

const ChartVersion* latest_stable(const IndexedChart& chart) {
  const auto at = std::find_if(chart.versions.begin(), chart.versions.end(),
                               [](const ChartVersion& each) { return each.version.stable(); });
  return at == chart.versions.end() ? nullptr : &*at;
}

std::optional<std::int64_t> newest_created(const IndexedChart& chart) {
  std::optional<std::int64_t> newest;
  for (const ChartVersion& version : chart.versions) {
    newest = std::max(newest, version.created_seconds);
  }
  return newest;
}

std::string chart_row(const Repository& repository, const IndexedChart& chart) {
  std::string name = "<a href=\"" + versions_link(repository.name, chart.name) + "\">" +
                     html_escape(chart.name) + "</a>";
  const bool deprecated = !chart.versions.empty() && chart.versions.front().deprecated;
  if (deprecated) name += " <span class=\"tag\">deprecated</span>";
  const ChartVersion* const latest = latest_stable(chart);
  return "<tr>" + cell(name) + cell(html_escape(repository.name)) +
         cell(latest == nullptr ? "–" : html_escape(latest->text)) +
         cell(latest == nullptr ? "" : html_escape(latest->app_version)) +
         number_cell(chart.versions.size()) + date_cell(newest_created(chart)) + "</tr>\n";
}

struct ChartRows {
  std::string html;
  std::size_t shown = 0;
  std::size_t left_out = 0;
};

ChartRows chart_rows(const state::RepositorySnapshot& repositories) {
  ChartRows rows;
  for (const state::RepositoryPtr& repository : repositories) {
    if (repository->data == nullptr) continue;
    for (const IndexedChart& chart : repository->data->index.charts) {
      if (rows.shown == kChartRowsMax) {
        ++rows.left_out;
        continue;
      }
      rows.html += chart_row(*repository, chart);
      ++rows.shown;
    }
  }
  return rows;
}

std::string charts_table(const ChartRows& rows) {
  const std::string shown = std::to_string(rows.shown);
  std::string table =
      "<h2>Charts</h2>\n<div hidden><input type=\"search\" id=\"filter\" "
      "placeholder=\"Filter charts\" aria-label=\"Filter charts\"> "
      "<span class=\"faint\"><span id=\"shown\">" +
      shown + "</span> of " + shown + "</span></div>\n";
  if (rows.left_out > 0) {
    table += "<p class=\"faint\">" + std::to_string(rows.left_out) + " more are not shown.</p>\n";
  }
  return table +
         "<div class=\"wide\"><table id=\"charts\">\n<thead><tr><th>chart</th><th>repository</th>"
         "<th>latest stable</th><th>app version</th><th class=\"number\">versions</th>"
         "<th>newest (UTC)</th></tr></thead>\n<tbody>\n" +
         rows.html + "</tbody></table></div>\n";
}

std::string version_row(const ChartVersion& version) {
  std::string text = html_escape(version.text);
  if (version.deprecated) text += " <span class=\"tag\">deprecated</span>";
  return "<tr>" + cell(text) + cell(html_escape(version.app_version)) +
         date_cell(version.created_seconds) + "</tr>\n";
}

const Repository* find_repository(const state::RepositorySnapshot& repositories,
                                  std::string_view name) {
  const auto at = std::find_if(repositories.begin(), repositories.end(),
                               [name](const auto& each) { return each->name == name; });
  return at == repositories.end() || (*at)->data == nullptr ? nullptr : at->get();
}

const IndexedChart* find_chart(const Repository& repository, std::string_view name) {
  const auto& charts = repository.data->index.charts;
  const auto at = std::lower_bound(
      charts.begin(), charts.end(), name,
      [](const IndexedChart& chart, std::string_view wanted) { return chart.name < wanted; });
  return at == charts.end() || at->name != name ? nullptr : &*at;
}

}  // namespace

std::string charts_page(const state::RepositorySnapshot& repositories, std::string_view root) {
  std::string page = page_begin("Chart repositories", root);
  page += "<p><a href=\"" + std::string(root) + "\">helm-lookout</a></p>\n";
  if (repositories.empty()) {
    return page + "<p>No repositories are set.</p>\n" + std::string(kPageEnd);
  }
  page += repositories_table(repositories);
  const ChartRows rows = chart_rows(repositories);
  if (rows.shown == 0) return page + "<p>No charts yet.</p>\n" + std::string(kPageEnd);
  return page + charts_table(rows) + "<script src=\"" + std::string(root) +
         "charts.js\"></script>\n" + std::string(kPageEnd);
}

std::optional<std::string> chart_versions_page(const state::RepositorySnapshot& repositories,
                                               std::string_view repository, std::string_view chart,
                                               std::string_view root) {
  const Repository* const holder = find_repository(repositories, repository);
  const IndexedChart* const found = holder == nullptr ? nullptr : find_chart(*holder, chart);
  if (found == nullptr) return std::nullopt;
  std::string page = page_begin(found->name, root);
  page += "<p><a href=\"?\">all charts</a> – " + html_escape(holder->name) +
          "</p>\n<div class=\"wide\"><table>\n<thead><tr><th>version</th><th>app version</th>"
          "<th>created (UTC)</th></tr></thead>\n<tbody>\n";
  const std::size_t shown = std::min(found->versions.size(), kChartRowsMax);
  for (std::size_t i = 0; i < shown; ++i) page += version_row(found->versions[i]);
  page += "</tbody></table></div>\n";
  if (shown < found->versions.size()) {
    page += "<p class=\"faint\">" + std::to_string(found->versions.size() - shown) +
            " more are not shown.</p>\n";
  }
  return page + std::string(kPageEnd);
}

}  // namespace lookout::web
