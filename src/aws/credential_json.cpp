#include "src/aws/credential_json.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

#include "lookout/encoding/time.hpp"

#include "src/aws/source_context.hpp"

namespace lookout::aws {
namespace {

using Json = nlohmann::json;

Error malformed(const std::string& what) {
  return {ErrorCode::kMalformed, what};
}

// Absent and null read as empty.
Result<std::string> text_member(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return std::string();
  if (!found->is_string()) return malformed(std::string(name) + " is no text");
  return found->get<std::string>();
}

Result<void> read_expiration(const Json& object, Credentials& into) {
  const auto text = text_member(object, "Expiration");
  if (!text) return text.error();
  if (text->empty()) return {};
  const auto seconds = encoding::parse_rfc3339(*text);
  if (!seconds) return malformed("Expiration is no RFC 3339 time");
  into.expires_at = encoding::wall_time(*seconds);
  return {};
}

Result<void> check_dialect(const Json& object, CredentialDialect dialect) {
  if (dialect == CredentialDialect::kProcess) {
    const auto version = object.find("Version");
    const bool known = version != object.end() && *version == 1;
    return known ? Result<void>() : malformed("Version is not 1");
  }
  const auto code = text_member(object, "Code");
  if (!code) return code.error();
  if (code->empty() || *code == "Success") return {};
  return Error{ErrorCode::kForbidden, "Code is not Success"};
}

}  // namespace

Result<Credentials> parse_credential_json(std::string_view text, CredentialDialect dialect) {
  const Json object = Json::parse(text, nullptr, false);
  if (!object.is_object()) return malformed("no JSON object");
  if (auto checked = check_dialect(object, dialect); !checked) return checked.error();

  const bool process = dialect == CredentialDialect::kProcess;
  Credentials credentials;
  const std::pair<const char*, std::string*> members[] = {
      {"AccessKeyId", &credentials.access_key_id},
      {"SecretAccessKey", &credentials.secret_access_key},
      {process ? "SessionToken" : "Token", &credentials.session_token}};
  for (const auto& [name, into] : members) {
    auto member = text_member(object, name);
    if (!member) return member.error();
    *into = std::move(member).value();
  }
  if (auto taken = read_expiration(object, credentials); !taken) return taken.error();
  if (!is_usable(credentials)) {
    return malformed("key or secret is missing, or one of them is not printable");
  }
  return credentials;
}

}  // namespace lookout::aws
