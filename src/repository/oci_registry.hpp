// Questions to one registry (OCI distribution specification 1.1), with whatever authorization it
// asks for. Redirects are followed at most kRedirectsMax times; once they have left the registry's
// origin nothing that identifies us is sent any more. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "lookout/http/url.hpp"
#include "lookout/repository/scan.hpp"

#include "src/repository/answer.hpp"
#include "src/repository/oci_authorizer.hpp"
#include "src/repository/oci_failure.hpp"
#include "src/repository/transport_set.hpp"

namespace lookout::repository {

// "https://registry.example.org:5000/"; Docker Hub's API by any of its names. kInvalid.
Result<http::Url> registry_url(const OciSource& source);

class OciRegistry {
 public:
  static constexpr int kRedirectsMax = 5;
  static constexpr std::size_t kTagsMax = 10'000;  // of one chart
  static constexpr std::size_t kPagesMax = 1'000;
  static constexpr std::size_t kTagsPageBytesMax = 4U << 20;

  // Both outlive this. REQUIRES: settings.source is an OciSource
  OciRegistry(const RepositorySettings& settings, const ScanContext& context);

  // Reads files of the settings again. Once a scan, before all else.
  std::optional<Failed> start_scan(MonoTime deadline);

  struct TagList {
    std::vector<std::string> tags;  // in the order of the registry
    std::uint64_t bytes = 0;        // as fetched
  };
  // All pages. Any answer but lists of tags is a failure.
  Fetched<TagList> list_tags(const std::string& repository, std::stop_token stop);

  // One thing of a repository. Trouble that is not this one's alone (401, 5xx, redirects that
  // lead nowhere, the network) is a failure instead.
  enum class Verdict : std::uint8_t {
    kHere,
    kGone,     // not there, or larger than Helm would take
    kRefused,  // other 4xx: a policy of the registry
    kBusy,     // ask again later
  };
  struct Content {
    Verdict verdict = Verdict::kHere;
    Answer answer;
  };
  Fetched<Content> read_manifest(const std::string& repository, const std::string& tag,
                                 std::stop_token stop);
  // As HEAD: no body.
  Fetched<Content> probe_manifest(const std::string& repository, const std::string& tag,
                                  std::stop_token stop);
  // REQUIRES: is_digest(digest)
  Fetched<Content> read_blob(const std::string& repository, const std::string& digest,
                             std::stop_token stop);

 private:
  struct Place {
    http::Url url;
    bool at_home = true;  // never left the registry's origin
  };
  struct Question {
    http::Method method = http::Method::kGet;
    Place place;
    OciPurpose purpose;
    std::string_view accept;
    std::size_t bytes_max = 0;
  };
  struct Reply {
    Place place;  // after redirects
    Answer answer;
  };

  // `rest` begins with '/' and holds nothing to encode.
  Place place_of(const std::string& repository, const std::string& rest) const;
  Fetched<Reply> fetch(Question question, std::stop_token stop);
  Fetched<Answer> fetch_here(const Question& question, std::stop_token stop);
  Fetched<Answer> send(const Question& question, std::stop_token stop);
  Fetched<Content> fetch_content(Question question, std::stop_token stop);
  Question manifest_question(http::Method method, const std::string& repository,
                             const std::string& tag) const;

  const OciSource& source_;
  const ScanContext& context_;
  TransportSet transports_;
  OciAuthorizer authorizer_;
  MonoTime deadline_;
  http::Url home_;
  http::Headers custom_headers_;
};

}  // namespace lookout::repository
