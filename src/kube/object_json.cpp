#include "src/kube/object_json.hpp"

#include <nlohmann/json.hpp>

#include "lookout/base/text.hpp"
#include "lookout/encoding/time.hpp"

namespace lookout::kube {
namespace {

using nlohmann::json;

constexpr char kMark = '\0';

// Which object of the document the parser is in.
enum class Place : std::uint8_t {
  kEvent,
  kObject,
  kMetadata,
  kLabels,
  kAnnotations,
  kPayload,
  kElsewhere,
};

// What the value after a key is.
enum class Slot : std::uint8_t {
  kIgnored,
  kNested,
  kEventType,
  kKind,
  kApiVersion,
  kName,
  kNamespace,
  kUid,
  kResourceVersion,
  kCreated,
  kLabel,
  kInitialEventsEnd,
  kRelease,
};

struct KnownKey {
  std::string_view key;
  Place place;
  Slot slot;
  Place nested = Place::kElsewhere;  // kNested
};
constexpr KnownKey kKnownKeys[] = {
    {"type", Place::kEvent, Slot::kEventType},
    {"object", Place::kEvent, Slot::kNested, Place::kObject},
    {"kind", Place::kObject, Slot::kKind},
    {"apiVersion", Place::kObject, Slot::kApiVersion},
    {"metadata", Place::kObject, Slot::kNested, Place::kMetadata},
    {"data", Place::kObject, Slot::kNested, Place::kPayload},
    {"name", Place::kMetadata, Slot::kName},
    {"namespace", Place::kMetadata, Slot::kNamespace},
    {"uid", Place::kMetadata, Slot::kUid},
    {"resourceVersion", Place::kMetadata, Slot::kResourceVersion},
    {"creationTimestamp", Place::kMetadata, Slot::kCreated},
    {"labels", Place::kMetadata, Slot::kNested, Place::kLabels},
    {"annotations", Place::kMetadata, Slot::kNested, Place::kAnnotations},
    {kInitialEventsEnd, Place::kAnnotations, Slot::kInitialEventsEnd},
    {"release", Place::kPayload, Slot::kRelease},
};

// The text of a string as it stands between quotes; nullopt: bad escapes or UTF-8.
std::optional<std::string> unescape(std::string_view raw) {
  const json value = json::parse(raw.data() - 1, raw.data() + raw.size() + 1, nullptr, false);
  if (!value.is_string()) return std::nullopt;
  return value.get<std::string>();
}

class Handler {
 public:
  Handler(const JsonPiece& piece, JsonObjectReader::Shape shape, JsonObject& object,
          CleansedBytes& payload)
      : piece_(piece), object_(object), payload_(payload), labels_(object.parts.meta) {
    nested_ = shape == JsonObjectReader::Shape::kObject ? Place::kObject : Place::kEvent;
  }

  bool too_many_labels() const { return too_many_labels_; }

  bool null() { return forget_key(); }
  bool boolean(bool) { return other_scalar(); }
  bool number_integer(json::number_integer_t) { return other_scalar(); }
  bool number_unsigned(json::number_unsigned_t) { return other_scalar(); }
  bool number_float(json::number_float_t, const std::string&) { return other_scalar(); }
  bool binary(json::binary_t&) { return false; }
  bool parse_error(std::size_t, const std::string&, const json::exception&) { return false; }

  bool start_object(std::size_t) {
    if (slot_ != Slot::kNested && slot_ != Slot::kIgnored) return false;
    const Place place = nested_;
    if (place == Place::kMetadata) object_.parts.has_metadata = true;
    if (place == Place::kObject) object_.has_object = true;
    places_.push_back(place);
    return forget_key();
  }
  bool end_object() { return leave(); }
  bool start_array(std::size_t) {
    if (slot_ != Slot::kIgnored) return false;
    places_.push_back(Place::kElsewhere);
    return forget_key();
  }
  bool end_array() { return leave(); }

  bool key(std::string& text) {
    const Place place = places_.back();
    if (place == Place::kElsewhere) return true;
    if (!restore(text)) return false;
    if (place == Place::kLabels) {
      slot_ = Slot::kLabel;
      label_key_.assign(text);
      return true;
    }
    for (const KnownKey& known : kKnownKeys) {
      if (known.place != place || known.key != text) continue;
      slot_ = known.slot;
      nested_ = known.nested;
    }
    return true;
  }

  bool string(std::string& text) {
    if (slot_ == Slot::kIgnored) return true;
    if (slot_ == Slot::kRelease) return keep_release(text);
    if (!restore(text) || !store(text)) return false;
    return forget_key();
  }

 private:
  bool forget_key() {
    slot_ = Slot::kIgnored;
    nested_ = Place::kElsewhere;
    return true;
  }

  bool leave() {
    places_.pop_back();
    return forget_key();
  }

  bool other_scalar() { return slot_ == Slot::kIgnored; }

  // nullptr: the parser has seen the string itself.
  const LongString* marked(const std::string& text) const {
    if (text.empty() || text.front() != kMark) return nullptr;
    const auto index = parse_number<std::size_t>(std::string_view(text).substr(1));
    if (!index || *index >= piece_.long_strings.size()) return nullptr;
    return &piece_.long_strings[*index];
  }

  std::string_view raw(const LongString& string) const {
    return piece_.text.substr(string.begin, string.end - string.begin);
  }

  bool restore(std::string& text) const {
    const LongString* const string = marked(text);
    if (string == nullptr) return true;
    std::optional<std::string> whole = unescape(raw(*string));
    if (!whole) return false;
    text = *std::move(whole);
    return true;
  }

  bool keep_release(std::string& text) {
    forget_key();
    const LongString* const string = marked(text);
    if (string != nullptr && !string->escaped) {
      object_.parts.release = raw(*string);
      return true;
    }
    if (!restore(text)) return false;
    payload_.clear();
    append(payload_, text);
    ::explicit_bzero(text.data(), text.size());
    object_.parts.release = view(payload_);
    return true;
  }

  bool store(std::string& text) {
    helm::SecretMeta& meta = object_.parts.meta;
    switch (slot_) {
      case Slot::kEventType: return take(object_.event_type, text);
      case Slot::kKind: return take(object_.kind, text);
      case Slot::kApiVersion: return take(object_.api_version, text);
      case Slot::kName: return take(meta.name, text);
      case Slot::kNamespace: return take(meta.ns, text);
      case Slot::kUid: return take(meta.uid, text);
      case Slot::kResourceVersion: return take(meta.resource_version, text);
      case Slot::kCreated: return take_time(text);
      case Slot::kLabel:
        too_many_labels_ = !labels_.add(label_key_, text);
        return !too_many_labels_;
      case Slot::kInitialEventsEnd: object_.parts.initial_events_end = text == "true"; return true;
      default: return false;
    }
  }

  static bool take(std::string& field, const std::string& text) {
    field.assign(text);
    return true;
  }

  bool take_time(const std::string& text) {
    const std::optional<std::int64_t> seconds = encoding::parse_rfc3339(text);
    object_.parts.meta.created_seconds = seconds.value_or(0);
    return seconds.has_value();
  }

  const JsonPiece& piece_;
  JsonObject& object_;
  CleansedBytes& payload_;
  LabelWriter labels_;
  std::string label_key_;
  std::vector<Place> places_;
  Slot slot_ = Slot::kIgnored;
  Place nested_ = Place::kElsewhere;
  bool too_many_labels_ = false;
};

}  // namespace

std::string_view JsonObjectReader::shorten(const JsonPiece& piece) {
  if (piece.long_strings.empty()) return piece.text;
  short_text_.clear();
  std::size_t copied = 0;
  for (std::size_t i = 0; i < piece.long_strings.size(); ++i) {
    const LongString& string = piece.long_strings[i];
    append(short_text_, piece.text.substr(copied, string.begin - copied));
    append(short_text_, "\\u0000");
    append(short_text_, std::to_string(i));
    copied = string.end;
  }
  append(short_text_, piece.text.substr(copied));
  return view(short_text_);
}

Result<void> JsonObjectReader::read(const JsonPiece& piece, Shape shape, JsonObject& object) {
  object.parts.clear();
  object.kind.clear();
  object.api_version.clear();
  object.event_type.clear();
  object.has_object = false;
  const std::string_view text = shorten(piece);
  Handler handler(piece, shape, object, payload_);
  if (json::sax_parse(text.begin(), text.end(), &handler)) return {};
  if (handler.too_many_labels()) {
    return Error{ErrorCode::kTooLarge,
                 "an object has more than " + std::to_string(kLabelsMax) + " labels"};
  }
  return Error{ErrorCode::kMalformed, "an object is not the JSON of a Kubernetes object"};
}

Result<std::string> read_json_string(std::string_view text) {
  const json value = json::parse(text, nullptr, false);
  if (value.is_string()) return value.get<std::string>();
  return Error{ErrorCode::kMalformed, "expected a JSON string"};
}

}  // namespace lookout::kube
