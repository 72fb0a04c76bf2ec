#include "test/repository/fault_site.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/encoding/base64.hpp"
#include "lookout/encoding/crc.hpp"

namespace lookout::repository {
namespace {

constexpr const char* kExpiry = "2040-01-01T00:00:00Z";

Part part_of(const Exchange& exchange) {
  const std::string target = exchange.target();
  const bool metadata = target.starts_with("/latest/") || target.starts_with("/credentials");
  if (metadata || exchange.method() == "POST") return Part::kCredentials;
  if (target.starts_with("/token")) return Part::kToken;
  const bool content = target.find("/manifests/") != std::string::npos ||
                       target.find("/blobs/") != std::string::npos;
  return content ? Part::kContent : Part::kIndex;
}

std::string basic(const std::string& password) {
  return "Basic " + encoding::base64_encode("user:" + password);
}

std::string credentials_json(const std::string& id, const std::string& secret) {
  return R"({"Code": "Success", "AccessKeyId": ")" + id + R"(", "SecretAccessKey": ")" + secret +
         R"(", "Token": "c4n4ry-token", "Expiration": ")" + kExpiry + "\"}";
}

std::string sts_document(const std::string& id, const std::string& secret) {
  return "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
         "<AccessKeyId>" +
         id + "</AccessKeyId><SecretAccessKey>" + secret +
         "</SecretAccessKey><SessionToken>c4n4ry-token</SessionToken><Expiration>" + kExpiry +
         "</Expiration></Credentials></AssumeRoleWithWebIdentityResult>"
         "</AssumeRoleWithWebIdentityResponse>";
}

std::string checksum_field(const std::string& text) {
  encoding::Crc crc(encoding::CrcKind::kCrc64Nvme);
  crc.take(text);
  return "x-amz-checksum-crc64nvme: " + encoding::base64_encode(crc.bytes()) + "\r\n";
}

std::size_t content_length(const Exchange& exchange) {
  return parse_number<std::size_t>(exchange.header("Content-Length")).value_or(0);
}

}  // namespace

std::string Exchange::method() const {
  return head.substr(0, head.find(' '));
}

std::string Exchange::target() const {
  const std::size_t from = method().size() + 1;
  return from > head.size() ? "" : head.substr(from, head.find(' ', from) - from);
}

std::string Exchange::header(const std::string& name) const {
  const std::size_t at = to_lower(head).find("\r\n" + to_lower(name) + ": ");
  if (at == std::string::npos) return "";
  const std::size_t from = at + name.size() + 4;
  return head.substr(from, head.find("\r\n", from) - from);
}

bool Exchange::send(std::string_view bytes) {
  if (!connection.write(bytes)) return false;
  MutexLock lock(site.mutex_);
  site.sent_ += bytes.size();
  return true;
}

void Exchange::answer(int status, const std::string& fields, const std::string& text) {
  const bool bare = status == 204 || status == 304 || method() == "HEAD";
  const std::string length = "Content-Length: " + std::to_string(text.size()) + "\r\n";
  send("HTTP/1.1 " + std::to_string(status) + " Status\r\nConnection: close\r\n" + fields +
       (bare ? "" : length) + "\r\n" + (bare ? "" : text));
}

FaultSite::FaultSite(const fakes::CertificateAuthority* authority)
    : authority_(authority),
      foreign_([this](fakes::RawConnection& connection) { speak_as_foreigner(connection); }),
      server_([this](fakes::RawConnection& connection) { speak(connection); }) {
  publish(1);
}

std::string FaultSite::url() const {
  if (authority_ == nullptr) return server_.url();
  return "https://localhost:" + std::to_string(server_.port());
}

void FaultSite::arm(Part part, FaultScript script) {
  MutexLock lock(mutex_);
  faulty_ = part;
  script_ = std::move(script);
  seen_.clear();
  sent_ = 0;
}

void FaultSite::disarm() {
  MutexLock lock(mutex_);
  script_ = nullptr;
}

void FaultSite::wait_for_fault() {
  MutexLock lock(mutex_);
  changed_.wait_for(mutex_, std::chrono::seconds(10), [&]() LOCKED(mutex_) {
    return std::count(seen_.begin(), seen_.end(), faulty_) > 0;
  });
}

void FaultSite::publish(int versions) {
  MutexLock lock(mutex_);
  while (versions_ < versions) {
    registry_.push("team/app", "1." + std::to_string(versions_++) + ".0");
  }
}

void FaultSite::send_validators(bool sent) {
  MutexLock lock(mutex_);
  validators_ = sent;
}

void FaultSite::rotate() {
  MutexLock lock(mutex_);
  ++secrets_;
  registry_.revoke_tokens();
  registry_.authorization = basic("c4n4ry-" + std::to_string(secrets_));
}

std::string FaultSite::secret() const {
  MutexLock lock(mutex_);
  return "c4n4ry-" + std::to_string(secrets_);
}

std::string FaultSite::key_id() const {
  MutexLock lock(mutex_);
  return "AKIA" + std::to_string(secrets_);
}

void FaultSite::ask_for_tokens() {
  const std::string realm = url() + "/token";
  MutexLock lock(mutex_);
  registry_.access = FakeRegistry::Access::kToken;
  registry_.authorization = basic("c4n4ry-" + std::to_string(secrets_));
  registry_.realm = realm;
}

std::size_t FaultSite::requests(Part part) const {
  MutexLock lock(mutex_);
  return static_cast<std::size_t>(std::count(seen_.begin(), seen_.end(), part));
}

std::size_t FaultSite::bytes_sent() const {
  MutexLock lock(mutex_);
  return sent_;
}

std::vector<std::string> FaultSite::foreign_heads() const {
  MutexLock lock(mutex_);
  return foreign_heads_;
}

FaultScript FaultSite::count(Part part, std::size_t& number) {
  MutexLock lock(mutex_);
  seen_.push_back(part);
  number = static_cast<std::size_t>(std::count(seen_.begin(), seen_.end(), part));
  changed_.notify_all();
  return part == faulty_ ? script_ : nullptr;
}

void FaultSite::speak(fakes::RawConnection& connection) {
  Exchange exchange{*this, connection, 0, "", ""};
  if (authority_ != nullptr) {
    if (const FaultScript script = count(Part::kHandshake, exchange.number)) {
      return script(exchange);
    }
    if (!connection.start_tls({authority_->issue(), ""})) return;
  }
  exchange.head = connection.read_head();
  if (exchange.head.empty()) return;
  exchange.body = connection.read_exactly(content_length(exchange));
  const FaultScript script = count(part_of(exchange), exchange.number);
  script ? script(exchange) : serve(exchange);
}

void FaultSite::speak_as_foreigner(fakes::RawConnection& connection) {
  const std::string head = connection.read_head();
  Exchange exchange{*this, connection, 0, head, ""};
  {
    MutexLock lock(mutex_);
    foreign_heads_.push_back(head);
  }
  const bool registry = exchange.target().starts_with("/v2/");
  exchange.answer(200, "", registry ? R"({"tags": ["1.0.0"]})" : index_text(1));
}

void FaultSite::serve(Exchange& exchange) {
  Served served;
  {
    MutexLock lock(mutex_);
    const bool registry = exchange.target().starts_with("/v2/");
    const Part part = part_of(exchange);
    if (part == Part::kCredentials) {
      served = serve_credentials(exchange);
    } else {
      served = registry || part == Part::kToken ? serve_registry(exchange) : serve_index(exchange);
    }
  }
  exchange.answer(served.status, served.fields, served.body);
}

FaultSite::Served FaultSite::serve_index(const Exchange& exchange) const {
  const std::string given = exchange.header("Authorization");
  const std::string key = "Credential=AKIA" + std::to_string(secrets_) + "/";
  const bool s3 = exchange.target().starts_with("/team/");
  if (s3 && given.find(key) == std::string::npos) {
    return {400, "", "<Error><Code>ExpiredToken</Code></Error>"};
  }
  if (!s3 && given != basic("c4n4ry-" + std::to_string(secrets_))) return {401, "", ""};
  const std::string etag = "\"" + std::to_string(versions_) + "\"";
  if (exchange.header("If-None-Match") == etag) return {304, "", ""};
  const std::string text = index_text(versions_);
  const std::string validator = validators_ ? "ETag: " + etag + "\r\n" : "";
  return {200, validator + (s3 ? checksum_field(text) : ""), text};
}

FaultSite::Served FaultSite::serve_registry(const Exchange& exchange) {
  const bool token = part_of(exchange) == Part::kToken;
  http::Request request;
  request.method = exchange.method() == "HEAD" ? http::Method::kHead : http::Method::kGet;
  request.target = exchange.target();
  request.headers.add("Authorization", exchange.header("Authorization"));
  const fakes::ScriptedResponse response = registry_.serve(
      {token ? FakeRegistry::kAuthOrigin : FakeRegistry::kOrigin, std::move(request)});
  Served served{response.status, "", ""};
  for (const auto& [name, value] : response.headers.fields()) {
    served.fields.append(name).append(": ").append(value).append("\r\n");
  }
  for (const std::string& piece : response.body) served.body += piece;
  return served;
}

FaultSite::Served FaultSite::serve_credentials(const Exchange& exchange) const {
  const std::string id = "AKIA" + std::to_string(secrets_);
  const std::string secret = "c4n4ry-" + std::to_string(secrets_);
  const std::string target = exchange.target();
  if (exchange.method() == "POST") return {200, "", sts_document(id, secret)};
  if (target == "/latest/api/token") return {200, "", "metadata-token"};
  if (target.ends_with("/security-credentials/")) return {200, "", "role"};
  return {200, "", credentials_json(id, secret)};
}

}  // namespace lookout::repository
