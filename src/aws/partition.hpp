// AWS partitions: groups of regions that share a DNS suffix (botocore's partitions.json). Pure.
#pragma once

#include <string_view>

namespace lookout::aws {

// "amazonaws.com", "amazonaws.com.cn", ...; AWS' main one for regions of no known prefix.
std::string_view dns_suffix(std::string_view region);
bool is_china(std::string_view region);

// What may stand in a host name: lower-case letters, digits and '-', at most 63.
bool is_region_name(std::string_view region);

}  // namespace lookout::aws
