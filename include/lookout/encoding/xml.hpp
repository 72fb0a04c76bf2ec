// Small XML documents from services that may be hostile (STS, S3), as one value type, through
// pugixml. UTF-8 only. A DOCTYPE is refused, so no entities but the five predefined ones and
// character references. Attributes, comments and processing instructions are dropped.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"

namespace lookout::encoding {

struct XmlLimits {
  std::size_t bytes_max = 4U << 20;  // a ListObjectsV2 page of 1,000 long keys is 3.2 MB
  std::size_t depth_max = 32;
  std::size_t elements_max = 50'000;
};

class Xml {
 public:
  // Defined where Xml is complete: clang instantiates `children` here otherwise.
  Xml();
  ~Xml();
  Xml(const Xml&);
  Xml& operator=(const Xml&);
  Xml(Xml&&) noexcept;
  Xml& operator=(Xml&&) noexcept;

  std::string name;  // without namespace prefix
  std::string text;  // of its own text and CDATA nodes, in order; kept as it is
  std::vector<Xml> children;

  // The first child of that name; nullptr when absent.
  const Xml* child(std::string_view child_name) const;
  // Of the first child of that name; "" when absent.
  std::string_view child_text(std::string_view child_name) const;
};

// The root element. kMalformed, quoting nothing of `text`; kTooLarge.
Result<Xml> parse_xml(std::string_view text, const XmlLimits& limits = {});

}  // namespace lookout::encoding
