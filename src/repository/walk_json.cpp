#include "src/repository/walk_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

namespace lookout::repository {
namespace {

using nlohmann::json;

// The events of nlohmann's parser; false ends the parse. Its names, not ours.
class Walker final : public nlohmann::json_sax<json> {
 public:
  explicit Walker(const JsonVisitor& visit) : visit_(visit) {}

  bool null() override { return tell(JsonNull()); }
  bool boolean(bool value) override { return tell(value); }
  bool number_integer(number_integer_t value) override { return tell(std::int64_t{value}); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > std::uint64_t{INT64_MAX}) return tell(static_cast<double>(value));
    return tell(static_cast<std::int64_t>(value));
  }
  bool number_float(number_float_t value, const string_t&) override { return tell(value); }
  bool string(string_t& value) override { return tell(std::string_view(value)); }
  bool binary(binary_t&) override { return false; }  // JSON has none

  bool start_object(std::size_t) override { return descend(); }
  bool key(string_t& name) override {
    path_.back() = name;
    return true;
  }
  bool end_object() override { return ascend(); }
  bool start_array(std::size_t) override { return descend(); }
  bool end_array() override { return ascend(); }
  bool parse_error(std::size_t, const std::string&, const json::exception&) override {
    return false;
  }

 private:
  bool tell(const JsonValue& value) {
    visit_(path_, value);
    return true;
  }
  bool descend() {
    tell(JsonContainer());
    if (path_.size() == kJsonDepthMax) return false;
    path_.emplace_back();
    return true;
  }
  bool ascend() {
    path_.pop_back();
    return true;
  }

  const JsonVisitor& visit_;
  std::vector<std::string> path_;
};

}  // namespace

Result<void> walk_json(std::string_view text, const JsonVisitor& visit) {
  Walker walker(visit);
  if (!json::sax_parse(text.begin(), text.end(), &walker)) {
    return Error{ErrorCode::kMalformed, "not JSON, or too deep"};
  }
  return {};
}

bool path_is(JsonPath path, std::initializer_list<std::string_view> keys) {
  return std::equal(path.begin(), path.end(), keys.begin(), keys.end());
}

std::string_view text_of(const JsonValue& value) {
  const auto* const text = std::get_if<std::string_view>(&value);
  return text == nullptr ? std::string_view() : *text;
}

}  // namespace lookout::repository
