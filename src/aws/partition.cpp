#include "src/aws/partition.hpp"

#include <algorithm>
#include <array>

namespace lookout::aws {
namespace {

constexpr std::size_t kLabelBytesMax = 63;

struct Partition {
  std::string_view region_prefix;
  std::string_view suffix;
};

constexpr std::array<Partition, 6> kPartitions = {{{"cn-", "amazonaws.com.cn"},
                                                   {"eusc-", "amazonaws.eu"},
                                                   {"us-iso-", "c2s.ic.gov"},
                                                   {"us-isob-", "sc2s.sgov.gov"},
                                                   {"eu-isoe-", "cloud.adc-e.uk"},
                                                   {"us-isof-", "csp.hci.ic.gov"}}};

}  // namespace

std::string_view dns_suffix(std::string_view region) {
  const auto found = std::find_if(
      kPartitions.begin(), kPartitions.end(),
      [&](const Partition& partition) { return region.starts_with(partition.region_prefix); });
  return found == kPartitions.end() ? "amazonaws.com" : found->suffix;
}

bool is_china(std::string_view region) {
  return region.starts_with("cn-");
}

bool is_region_name(std::string_view region) {
  return !region.empty() && region.size() <= kLabelBytesMax && region.front() != '-' &&
         region.back() != '-' && std::all_of(region.begin(), region.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

}  // namespace lookout::aws
