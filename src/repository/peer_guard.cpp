#include "src/repository/peer_guard.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lookout/base/text.hpp"

namespace lookout::repository {
namespace {

using Ipv6 = std::array<unsigned char, 16>;

constexpr std::array<std::string_view, 4> kMetadataNames = {
    "metadata", "metadata.google.internal", "instance-data", "metadata.tencentyun.com"};

// Of clouds that do not use 169.254.0.0/16: Alibaba, Oracle.
constexpr std::array<std::uint32_t, 2> kMetadataAddresses = {0x646464c8, 0xc00000c0};

// The address an IPv4 one hides in: mapped, compatible, NAT64, 6to4.
std::optional<std::uint32_t> embedded_ipv4(const Ipv6& address) {
  static constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};
  static constexpr std::array<unsigned char, 12> kCompatible{};
  static constexpr std::array<unsigned char, 12> kNat64 = {0, 0x64, 0xff, 0x9b};
  const auto at = [&](std::size_t i) {
    return (std::uint32_t{address[i]} << 24) | (std::uint32_t{address[i + 1]} << 16) |
           (std::uint32_t{address[i + 2]} << 8) | std::uint32_t{address[i + 3]};
  };
  for (const auto& prefix : {kMapped, kCompatible, kNat64}) {
    if (std::equal(prefix.begin(), prefix.end(), address.begin())) return at(12);
  }
  if (address[0] == 0x20 && address[1] == 0x02) return at(2);
  return std::nullopt;
}

struct HostAddress {
  std::optional<std::uint32_t> ipv4;
  std::optional<Ipv6> ipv6;
};

HostAddress parse_host(std::string_view host) {
  const std::string text(host);
  HostAddress address;
  in_addr ipv4{};
  // Takes 2852039166, 0xa9fea9fe and 0251.0376.0251.0376 as getaddrinfo() does.
  if (::inet_aton(text.c_str(), &ipv4) == 1) {
    address.ipv4 = ntohl(ipv4.s_addr);
    return address;
  }
  Ipv6 ipv6{};
  if (::inet_pton(AF_INET6, text.c_str(), ipv6.data()) != 1) return address;
  address.ipv6 = ipv6;
  address.ipv4 = embedded_ipv4(ipv6);
  return address;
}

std::string_view without_root_dot(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

bool is_metadata_ipv4(std::uint32_t address) {
  return (address >> 16) == 0xa9fe ||
         std::find(kMetadataAddresses.begin(), kMetadataAddresses.end(), address) !=
             kMetadataAddresses.end();
}

// fe80::/10, and fd00:ec2::/32 where AWS serves metadata and credentials.
bool is_metadata_ipv6(const Ipv6& address) {
  const bool link_local = address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
  const bool aws =
      address[0] == 0xfd && address[1] == 0 && address[2] == 0x0e && address[3] == 0xc2;
  return link_local || aws;
}

// Removes "." and ".." segments (RFC 3986, section 5.2.4).
std::string without_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  std::vector<std::string_view> parts = split(path, '/');
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const bool dots = parts[i] == "." || parts[i] == "..";
    if (parts[i] == ".." && !kept.empty()) kept.pop_back();
    if (!dots) kept.push_back(parts[i]);
    // A trailing dot segment leaves its slash behind.
    if (dots && i + 1 == parts.size()) kept.push_back("");
  }
  std::string out;
  for (const std::string_view part : kept) {
    out += '/';
    out += part;
  }
  return out.empty() ? "/" : out;
}

http::Url with_path(const http::Url& from, std::string_view reference) {
  http::Url url = from;
  reference = reference.substr(0, reference.find('#'));
  const std::size_t question = reference.find('?');
  const std::string_view path = reference.substr(0, question);
  url.query = question == std::string_view::npos ? "" : std::string(reference.substr(question + 1));
  if (path.starts_with('/')) {
    url.path = without_dot_segments(path);
  } else if (!path.empty()) {
    const std::string folder = from.path.substr(0, from.path.rfind('/') + 1);
    url.path = without_dot_segments(folder + std::string(path));
  }
  return url;
}

bool has_scheme(std::string_view reference) {
  const std::size_t colon = reference.find(':');
  return colon != std::string_view::npos && colon < reference.find_first_of("/?#");
}

bool is_clean(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

bool same_origin(const http::Url& a, const http::Url& b) {
  return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

bool is_metadata_host(std::string_view host) {
  host = without_root_dot(host);
  const HostAddress address = parse_host(host);
  if (address.ipv4 && is_metadata_ipv4(*address.ipv4)) return true;
  if (address.ipv6) return is_metadata_ipv6(*address.ipv6);
  return std::find(kMetadataNames.begin(), kMetadataNames.end(), host) != kMetadataNames.end();
}

bool is_loopback_host(std::string_view host) {
  host = without_root_dot(host);
  const HostAddress address = parse_host(host);
  // "::" and "::1" are compatible addresses 0.0.0.0 and 0.0.0.1 too; 0.0.0.0/8 is "this host".
  if (address.ipv4) return (*address.ipv4 >> 24) == 127 || (*address.ipv4 >> 24) == 0;
  return host == "localhost" || host.ends_with(".localhost");
}

Result<void> check_peer(const http::Url& from, const http::Url& to) {
  const auto refused = [&](const char* why) {
    return Error{ErrorCode::kForbidden, "sent to " + quote_bounded(to.origin()) + ": " + why};
  };
  if (to.scheme != "http" && to.scheme != "https") return refused("not http or https");
  if (same_origin(from, to)) return {};
  if (from.scheme == "https" && to.scheme == "http") return refused("from https to http");
  if (is_metadata_host(to.host)) return refused("a link-local or metadata address");
  if (is_loopback_host(to.host) && !is_loopback_host(from.host))
    return refused("a loopback address");
  return {};
}

Result<http::Url> resolve_location(const http::Url& from, std::string_view location) {
  location = trim(location);
  if (location.empty() || !is_clean(location)) {
    return Error{ErrorCode::kMalformed, "no usable Location"};
  }
  http::Url target;
  if (has_scheme(location) || location.starts_with("//")) {
    const std::string absolute =
        has_scheme(location) ? std::string(location) : from.scheme + ":" + std::string(location);
    Result<http::Url> parsed = http::parse_url(absolute);
    if (!parsed.ok()) return Error{ErrorCode::kMalformed, "Location: " + parsed.error().message};
    target = std::move(*parsed);
    // What a server puts there are not our credentials.
    target.userinfo.clear();
  } else {
    target = with_path(from, location);
  }
  if (const Result<void> checked = check_peer(from, target); !checked) return checked.error();
  return target;
}

}  // namespace lookout::repository
