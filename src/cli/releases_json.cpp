#include <nlohmann/json.hpp>

#include "lookout/encoding/time.hpp"

#include "src/cli/releases_text.hpp"

namespace lookout::cli {
namespace {

using Json = nlohmann::ordered_json;

void add_match(const std::optional<state::ReleaseMatch>& match, Json& row) {
  const bool comparable = match && match->comparable;
  row["repository"] = match ? Json(match->repository) : Json();
  row["latest_version"] = match ? Json(match->latest_version) : Json();
  row["versions_behind"] = comparable ? Json(match->versions_behind) : Json();
  row["outdated"] = comparable ? Json(match->outdated) : Json();
  row["missing"] = comparable ? Json(match->chart_missing) : Json();
  row["deprecated"] = match ? Json(match->chart_deprecated) : Json();
}

Json release_json(const state::Release& release) {
  Json row;
  row["namespace"] = release.key.ns;
  row["name"] = release.key.name;
  row["revision"] = release.revision;
  row["status"] = helm::status_name(release.status);
  row["chart"] = release.chart;
  row["chart_version"] = release.chart_version;
  row["app_version"] = release.app_version;
  row["updated"] =
      release.updated_seconds ? encoding::format_rfc3339(*release.updated_seconds) : "";
  if (release.undecodable) row["undecodable"] = helm::undecodable_reason(*release.undecodable);
  return row;
}

}  // namespace

std::string releases_json(const ReleaseRows& releases) {
  Json out = Json::array();
  for (const ReleaseRow& row : releases.rows) {
    Json json = release_json(*row.release);
    if (releases.joined) add_match(row.match, json);
    out.push_back(std::move(json));
  }
  // Labels and charts are hostile text: invalid UTF-8 becomes U+FFFD instead of an exception.
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lookout::cli
