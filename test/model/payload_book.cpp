#include "test/model/payload_book.hpp"

#include <array>

#include "lookout/base/check.hpp"
#include "lookout/encoding/base64.hpp"
#include "lookout/encoding/gzip.hpp"
#include "lookout/encoding/time.hpp"

#include "test/fakes/json_text.hpp"

namespace lookout::model {
namespace {

using fakes::quoted;

constexpr std::array<std::string_view, kDamageCount> kDamageNames = {
    "empty", "no_release_key", "base64", "gzip", "bad_json", "wrong_type", "late"};
// What is cut off a gzip member to spoil it, and where its CRC begins.
constexpr std::size_t kGzipHeadBytes = 20;
constexpr std::size_t kGzipTailBytes = 8;

std::string field(std::string_view key, std::string_view value) {
  return quoted(key) + ":" + quoted(value) + ",";
}

// Helm writes the machine's own zone.
std::string time_text(std::int64_t seconds, bool local) {
  std::string out = encoding::format_rfc3339(local ? seconds + 3'600 : seconds);
  out.pop_back();
  return out + (local ? ".123456789+01:00" : ".5Z");
}

std::string info_json(const Payload& payload) {
  std::string out = R"("info":{)";
  const bool helm4 = payload.style == Style::kHelm4;
  if (payload.style == Style::kNoTimes) {
    out += R"("first_deployed":"","last_deployed":"",)";
  } else {
    out += field("first_deployed", time_text(payload.first_deployed_seconds, !helm4));
    out += field("last_deployed", time_text(payload.last_deployed_seconds, !helm4));
  }
  if (!helm4) out += R"("deleted":"",)";
  out += field("description", "Said <of \"" + payload.release + "\"> & no more");
  out += R"("status":)" + quoted(payload.style == Style::kOddStatus ? "asleep" : payload.status);
  return out + "},";
}

std::string chart_json(const Payload& payload) {
  std::string out = R"("chart":{)";
  if (payload.style != Style::kNoMetadata) {
    out += R"("metadata":{)" + field("name", payload.chart);
    out += field("version", payload.chart_version) + R"("apiVersion":"v2")";
    if (payload.style != Style::kNoAppVersion)
      out += R"(,"appVersion":)" + quoted(payload.app_version);
    out += "},";
  }
  out += R"("lock":null,"templates":[{"name":"templates/a.yaml","data":"eA=="}],)";
  return out + R"("values":{"replicas":1},"schema":null,"files":null},)";
}

std::string json_of(const Payload& payload) {
  std::string out = "{" + field("name", payload.release);
  if (payload.style != Style::kNoInfo) out += info_json(payload);
  out += chart_json(payload) + R"("manifest":)";
  out += quoted("---\n# revision " + std::to_string(payload.revision) + "\n");
  out += R"(,"version":)" + std::to_string(payload.revision) + ",";
  return out + R"("namespace":)" + quoted(payload.ns) + "}";
}

std::string encode(std::string_view json) {
  return encoding::base64_encode(encoding::gzip(json, 9));
}

std::string spoiled(const Payload& payload, Damage damage) {
  // What follows makes each of them unlike all others, as the book needs.
  const std::string mark = payload.ns + "/" + payload.release + std::to_string(payload.revision);
  std::string zipped = encoding::gzip(json_of(payload), 9);
  switch (damage) {
    case Damage::kEmpty:
    case Damage::kNoReleaseKey: return "";
    case Damage::kBase64: return "!" + mark;
    case Damage::kGzip: return encoding::base64_encode(zipped.substr(0, kGzipHeadBytes));
    case Damage::kBadJson: return encode("{" + quoted(mark));
    case Damage::kWrongType: return encode("[" + quoted(mark) + "]");
    case Damage::kLate:
      for (std::size_t i = 1; i <= kGzipTailBytes; ++i) zipped[zipped.size() - i] ^= '\x55';
      return encoding::base64_encode(zipped);
  }
  return "";
}

}  // namespace

std::string_view damage_name(Damage damage) {
  return kDamageNames[static_cast<std::size_t>(damage)];
}

PayloadBook::Bytes PayloadBook::write(const Payload& payload) {
  const std::string json = json_of(payload);
  std::string bytes =
      payload.style == Style::kUncompressed ? encoding::base64_encode(json) : encode(json);
  return std::make_shared<const std::string>(written_.try_emplace(bytes, payload).first->first);
}

PayloadBook::Bytes PayloadBook::spoil(const ObjectPtr& object, Damage damage) {
  const Payload good = read(*object);
  if (!good.damage) unspoiled_[object->uid] = object->value;
  if (damage == Damage::kNoReleaseKey) return nullptr;
  Payload bad = good;
  bad.damage = damage;
  // Of an uncompressed payload, the same as of a compressed one.
  return std::make_shared<const std::string>(
      written_.try_emplace(spoiled(good, damage), bad).first->first);
}

PayloadBook::Bytes PayloadBook::unspoiled(const fakes::Object& object) const {
  const auto at = unspoiled_.find(object.uid);
  return at == unspoiled_.end() ? nullptr : at->second;
}

const Payload& PayloadBook::read(const fakes::Object& object) const {
  static const Payload kNone{.damage = Damage::kNoReleaseKey};
  if (object.value == nullptr) return kNone;
  const auto at = written_.find(*object.value);
  LOOKOUT_CHECK(at != written_.end());
  return at->second;
}

}  // namespace lookout::model
