#include "src/cli/releases_json.hpp"

#include <nlohmann/json.hpp>

#include "lookout/encoding/time.hpp"

namespace lookout::cli {

std::string releases_json(const std::vector<state::ReleasePtr>& releases) {
  auto out = nlohmann::ordered_json::array();
  for (const state::ReleasePtr& release : releases) {
    nlohmann::ordered_json row;
    row["namespace"] = release->key.ns;
    row["name"] = release->key.name;
    row["revision"] = release->revision;
    row["status"] = helm::status_name(release->status);
    row["chart"] = release->chart;
    row["chart_version"] = release->chart_version;
    row["app_version"] = release->app_version;
    row["updated"] =
        release->updated_seconds ? encoding::format_rfc3339(*release->updated_seconds) : "";
    if (release->undecodable) {
      row["undecodable"] = helm::undecodable_reason(*release->undecodable);
    }
    out.push_back(std::move(row));
  }
  // Labels and charts are hostile text: invalid UTF-8 becomes U+FFFD instead of an exception.
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace lookout::cli
