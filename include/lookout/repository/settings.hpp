// One chart repository as the user describes it: an item of `repositories:` in the settings
// file, or S3_BUCKET and its companions in the environment.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lookout/aws/credentials.hpp"
#include "lookout/aws/s3_endpoint.hpp"
#include "lookout/http/url.hpp"

namespace lookout::repository {

// A value that is given or read, each time it is used, from a file or the environment.
struct Secret {
  std::string value;
  std::string file;         // wins over `value`
  std::string environment;  // name of a variable; wins over `value`

  bool given() const { return !value.empty() || !file.empty() || !environment.empty(); }
  bool operator==(const Secret&) const = default;
};

struct HttpAuth {
  Secret username;
  Secret password;
  Secret bearer_token;
  std::vector<std::pair<std::string, Secret>> headers;

  bool operator==(const HttpAuth&) const = default;
};

// PEM texts by file or inline; files are read again when they change.
struct TlsSettings {
  Secret ca;
  Secret cert;
  Secret key;
  std::string server_name;
  bool insecure_skip_verify = false;

  bool operator==(const TlsSettings&) const = default;
};

// An index.yaml by http, https or file.
struct HttpSource {
  http::Url url;  // of the repository; "/index.yaml" is appended to its path unless it ends so
  std::string file_path;  // file:// instead: `url` is unused
  HttpAuth auth;

  bool operator==(const HttpSource&) const = default;
};

struct S3Source {
  aws::S3Location location;  // its key names the index: "charts/index.yaml"
  enum class Auth { kDefaultChain, kStatic, kAnonymous };
  Auth auth = Auth::kDefaultChain;
  Secret access_key_id;
  Secret secret_access_key;
  Secret session_token;
  std::string profile;
  std::string role_arn;
  std::string external_id;
  std::string session_name;

  bool operator==(const S3Source&) const = default;
};

// oci://host/path: one chart, or with `charts` the parent of each.
struct OciSource {
  std::string host;                 // with the port when given
  std::string path;                 // "team/charts/app", without slashes at the ends
  std::vector<std::string> charts;  // names under `path`; empty: `path` is itself the one chart
  bool plain_http = false;
  HttpAuth auth;                   // else docker's config.json
  std::string docker_config_file;  // "" = DOCKER_CONFIG/config.json, ~/.docker/config.json

  bool operator==(const OciSource&) const = default;
};

struct RepositorySettings {
  std::string name;  // unique; the label `repository`
  std::variant<HttpSource, S3Source, OciSource> source;
  std::chrono::milliseconds interval{300'000};  // 0 = once
  std::chrono::milliseconds timeout{30'000};    // of one scan, retries included
  TlsSettings tls;
  std::string proxy_url;  // "" = HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the process

  bool operator==(const RepositorySettings&) const = default;
};

// "s3", "http" or "oci"; the label `type`.
std::string_view type_name(const RepositorySettings& settings);
// Without credentials and query; the label `url`.
std::string display_url(const RepositorySettings& settings);

}  // namespace lookout::repository
