#include "test/fakes/selector.hpp"

#include "lookout/base/text.hpp"

namespace lookout::fakes {
namespace {

const std::string* find_label(const Object& object, const std::string& key) {
  for (const auto& [name, value] : object.labels) {
    if (name == key) return &value;
  }
  return nullptr;
}

const std::string& field_value(const Object& object, const std::string& key) {
  if (key == "metadata.name") return object.name;
  return key == "metadata.namespace" ? object.ns : object.type;
}

bool is_field(std::string_view key) {
  return key == "type" || key == "metadata.name" || key == "metadata.namespace";
}

}  // namespace

Result<Selector> Selector::parse(std::string_view labels, std::string_view fields) {
  Selector out;
  if (auto parsed = parse_terms(labels, false, out.terms_); !parsed) return parsed.error();
  if (auto parsed = parse_terms(fields, true, out.terms_); !parsed) return parsed.error();
  return out;
}

Result<void> Selector::parse_terms(std::string_view text, bool fields, std::vector<Term>& out) {
  if (text.empty()) return {};
  for (const std::string_view part : split(text, ',')) {
    const std::size_t at = part.find('=');
    if (at == std::string_view::npos || at == 0) {
      return Error{ErrorCode::kMalformed, "unable to parse requirement " + quote_bounded(part)};
    }
    Term term;
    term.field = fields;
    term.equal = part[at - 1] != '!';
    term.key = std::string(part.substr(0, term.equal ? at : at - 1));
    const bool doubled = at + 1 < part.size() && part[at + 1] == '=';
    term.value = std::string(part.substr(at + (doubled ? 2 : 1)));
    if (fields && !is_field(term.key)) {
      return Error{ErrorCode::kMalformed,
                   quote_bounded(term.key) + " is not a known field selector"};
    }
    out.push_back(std::move(term));
  }
  return {};
}

bool Selector::matches(const Object& object) const {
  for (const Term& term : terms_) {
    if (!matches(term, object)) return false;
  }
  return true;
}

bool Selector::matches(const Term& term, const Object& object) {
  if (term.field) return (field_value(object, term.key) == term.value) == term.equal;
  const std::string* const value = find_label(object, term.key);
  return (value != nullptr && *value == term.value) == term.equal;
}

}  // namespace lookout::fakes
