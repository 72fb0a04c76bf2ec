// Where a repository is and how one gets in: the part of an item of `repositories:` that
// depends on its type.
#pragma once

#include <variant>

#include "lookout/repository/settings.hpp"

#include "src/cli/settings_section.hpp"

namespace lookout::cli {

using RepositorySource =
    std::variant<repository::HttpSource, repository::S3Source, repository::OciSource>;

// Reads `type`, `url` and the keys of that type. Mistakes stay in `section`.
RepositorySource parse_source(SettingsSection& section);

// --- the parts: `auth` of each type ---
repository::HttpAuth parse_http_auth(SettingsSection& auth);
// Into everything of `source` but its location.
void parse_s3_auth(SettingsSection& auth, repository::S3Source& source);

}  // namespace lookout::cli
