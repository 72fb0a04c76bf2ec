// An index.yaml by http or https.
#pragma once

#include <stop_token>

#include "lookout/base/clock.hpp"
#include "lookout/repository/scan.hpp"

#include "src/repository/index_fetch.hpp"
#include "src/repository/transport_set.hpp"
#include "src/repository/validators.hpp"

namespace lookout::repository {

// Where Helm looks for the index of the repository at `url`: "/index.yaml" is appended to its
// path, the query is kept. A path that names a .yaml, .yml or .json file is taken as it is.
http::Url index_url(const http::Url& url);

// Redirects: at most kRedirectsMax, never from https to http nor to metadata services; once they
// have left the repository's origin, nothing that identifies us is sent any more, not
// even back to it, as the foreign server chose that path.
class HttpSourceReader {
 public:
  static constexpr int kRedirectsMax = 5;

  // REQUIRES: settings.source is an HttpSource with a URL. Both outlive this.
  HttpSourceReader(const RepositorySettings& settings, const ScanContext& context);

  ScanOutcome scan(std::stop_token stop, MonoTime deadline);

 private:
  struct Hop {
    http::Url url;
    bool at_home = true;  // never left the repository's origin
    bool conditional = false;
    IndexFetch fetch;
  };

  Result<http::Headers> read_credentials() const;
  Result<void> fetch(Hop& hop, const http::Headers& credentials, MonoTime deadline,
                     std::stop_token stop);
  ScanOutcome conclude(Hop hop);
  ScanError refusal(const Hop& hop) const;

  const RepositorySettings& settings_;
  const HttpSource& source_;
  const ScanContext& context_;
  const http::Url url_;
  TransportSet transports_;
  Validators validators_;
};

}  // namespace lookout::repository
