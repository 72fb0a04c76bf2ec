// Label and field selectors as the API server reads them: "a=b", "a==b", "a!=b", joined by
// commas; of fields only type, metadata.name and metadata.namespace.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"

#include "test/fakes/object_store.hpp"

namespace lookout::fakes {

class Selector {
 public:
  // kMalformed when a term has no operator or a field cannot be selected by.
  static Result<Selector> parse(std::string_view labels, std::string_view fields);

  bool matches(const Object& object) const;

 private:
  struct Term {
    std::string key;
    std::string value;
    bool equal = true;
    bool field = false;
  };
  static Result<void> parse_terms(std::string_view text, bool fields, std::vector<Term>& out);
  static bool matches(const Term& term, const Object& object);

  std::vector<Term> terms_;
};

}  // namespace lookout::fakes
