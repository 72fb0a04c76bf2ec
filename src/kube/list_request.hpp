// The four requests of the list/watch protocol as values, and as HTTP.
//   GET /api/v1[/namespaces/{ns}]/{secrets|configmaps}?{selectors}&{query}
// Source: Kubernetes API concepts (efficient detection of changes, streaming lists);
// Accept as client-go's metadata client sends it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "lookout/kube/api_client.hpp"
#include "lookout/kube/reflector.hpp"

namespace lookout::kube {

// A LIST in one piece is silent until the server has collected it; the server gives up at 60 s.
inline constexpr std::chrono::seconds kListHeaderTimeout{30};
inline constexpr std::chrono::seconds kListIdleTimeout{30};
// Proxies may hold the header of a watch back until the first bookmark, sent every 60 s.
inline constexpr std::chrono::seconds kWatchHeaderTimeout{90};
// Two bookmarks missed: end the watch and ask whether the server still knows our version.
inline constexpr std::chrono::seconds kWatchIdleTimeout{150};

struct ListQuery {
  enum class Kind {
    kWatchList,  // a watch that begins with everything there is, then a marked bookmark
    kList,
    kWatch,
    kProbe,  // LIST of one object: is our resourceVersion still in the server's past?
  };
  Kind kind = Kind::kWatchList;
  std::string resource_version = {};  // "" = the most recent
  std::string continue_token = {};    // kList: page 2 and later, without resource_version
  std::uint32_t limit = 0;            // kList: items a page; 0 = all
  std::uint32_t timeout_seconds = 0;  // kWatchList, kWatch

  bool operator==(const ListQuery&) const = default;
};

ApiRequest list_request(const ReflectorOptions& options, const ListQuery& query);

}  // namespace lookout::kube
