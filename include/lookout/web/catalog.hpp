// Where the pages and the API get releases and repositories from.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "lookout/state/release.hpp"
#include "lookout/state/release_matcher.hpp"
#include "lookout/state/repository.hpp"

namespace lookout::web {

// Called on a server's thread, once a request. `releases` and `repositories` may each be null: the
// process does not watch them, and what shows them is not there.
struct CatalogSources {
  std::function<std::vector<state::ReleasePtr>()> releases;  // ordered by key
  std::function<std::shared_ptr<const state::RepositorySnapshot>()> repositories;
  std::function<std::shared_ptr<const state::ReleaseMatcher>()> matcher;  // with both
  // Charts name the addresses of their icons: a browser that shows them asks strangers.
  bool chart_icons = false;
};

}  // namespace lookout::web
