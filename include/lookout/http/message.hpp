// HTTP requests and response heads as plain values.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lookout::http {

enum class Method { kGet, kHead, kPost, kPut };
std::string_view method_name(Method method);

// In order of arrival; names compare without case.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> fields);

  void add(std::string name, std::string value);
  // The first field of that name; nullptr when absent.
  const std::string* find(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// "helm-lookout/0.1.0 (linux/amd64)", for the header User-Agent of every request. Never begins
// with curl, Wget or Mozilla, for which the API server pretty-prints JSON.
std::string user_agent();

struct Request {
  Method method = Method::kGet;
  std::string target = "/";  // path and query, percent-encoded, relative to the transport's origin
  Headers headers;
  std::string body;
  // From the start of send() to the end of the response's header.
  std::chrono::milliseconds header_timeout{30'000};
  // Longest silence between two reads of the body.
  std::chrono::milliseconds idle_timeout{30'000};
  // Much is to come, in one HTTP chunk or in 100,000; create_cluster_transport() heeds it.
  bool bulk = false;
};

struct ResponseHead {
  int status = 0;
  Headers headers;

  // Content-Type without parameters, lower case; "" when absent.
  std::string media_type() const;
};

}  // namespace lookout::http
