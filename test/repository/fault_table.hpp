// The faults that a repository, and what hands out credentials for it, may have: one row each.
// faults_test.cpp runs every row as a test of its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/repository/scan_error.hpp"

#include "test/repository/fault_scripts.hpp"

namespace lookout::repository {

// How a repository is reached.
enum class Way {
  kHttp,  // with a password
  kHttps,
  kS3,             // with keys of the settings
  kS3Container,    // with those of EKS Pod Identity or ECS,
  kS3WebIdentity,  // of STS,
  kS3Metadata,     // of IMDSv2
  kOci,            // open
  kOciToken,       // with a password for its token service
};
inline const std::vector<Way> kEveryKind = {Way::kHttp, Way::kS3, Way::kOci};
inline const std::vector<Way> kIndexFiles = {Way::kHttp, Way::kS3};
inline const std::vector<Way> kFollowing = {Way::kHttp, Way::kOci};  // redirects

// What the sockets of both sides may hold of one connection.
inline constexpr std::size_t kSocketBytesMax = 12U << 20;

struct Fault {
  std::string kind;
  std::vector<Way> ways;
  FaultScript script;
  std::optional<ScanErrorType> error;  // nullopt: the scan works all the same

  Part part = Part::kIndex;
  std::size_t requests = 1;     // of that part, in one scan
  std::size_t requests_s3 = 0;  // the same by S3, which tries again; 0: `requests`
  Duration waits_max{0};        // between them, in fake time
  bool stalls = false;          // until the scan's time-out, which ends it exactly then
  Duration held_back{0};        // the next scan, by the server's wish
  bool rotated = false;         // the site takes other credentials from now on
  bool validators = true;       // the site sends ETags
  std::size_t abroad = 0;       // requests to the foreign site
  std::size_t bytes_max = 0;    // that a request is worth, beside what sockets hold
  std::string detour;           // the origin that is reached instead
};

const std::vector<Fault>& status_faults();
const std::vector<Fault>& body_faults();
const std::vector<Fault>& bomb_faults();
const std::vector<Fault>& redirect_faults();
const std::vector<Fault>& network_faults();
const std::vector<Fault>& s3_faults();
const std::vector<Fault>& credentials_faults();
const std::vector<Fault>& registry_faults();

}  // namespace lookout::repository
