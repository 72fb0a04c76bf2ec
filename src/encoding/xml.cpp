#include "lookout/encoding/xml.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include <pugixml.hpp>

namespace lookout::encoding {
namespace {

// A text of white space alone is kept when it is all that an element holds: S3 keys may be " ".
constexpr unsigned int kParseOptions = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol |
                                       pugi::parse_ws_pcdata_single | pugi::parse_doctype;

Error malformed(std::string what) {
  return {ErrorCode::kMalformed, "XML: " + std::move(what)};
}

class TreeReader {
 public:
  explicit TreeReader(const XmlLimits& limits) : limits_(limits) {}

  // `depth` of the root is 1.
  Result<void> read(const pugi::xml_node& node, std::size_t depth, Xml& into) {
    if (depth > limits_.depth_max) return Error{ErrorCode::kTooLarge, "XML: nested too deeply"};
    if (++elements_ > limits_.elements_max) {
      return Error{ErrorCode::kTooLarge, "XML: too many elements"};
    }
    into.name = local_name(node.name());
    for (const pugi::xml_node& child : node.children()) {
      if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
        into.text += child.value();
      } else if (child.type() == pugi::node_element) {
        into.children.emplace_back();
        if (auto taken = read(child, depth + 1, into.children.back()); !taken) return taken;
      }
    }
    return {};
  }

 private:
  static std::string_view local_name(std::string_view name) {
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
  }

  const XmlLimits& limits_;
  std::size_t elements_ = 0;
};

Result<pugi::xml_node> only_root(const pugi::xml_document& document) {
  pugi::xml_node root;
  for (const pugi::xml_node& node : document.children()) {
    if (node.type() == pugi::node_doctype) return malformed("a DOCTYPE is not accepted");
    if (node.type() != pugi::node_element) continue;
    if (root) return malformed("more than one root element");
    root = node;
  }
  if (!root) return malformed("no root element");
  return root;
}

Result<Xml> read_document(std::string_view text, const XmlLimits& limits) {
  pugi::xml_document document;
  const pugi::xml_parse_result parsed =
      document.load_buffer(text.data(), text.size(), kParseOptions, pugi::encoding_utf8);
  if (!parsed) {
    return malformed(std::string(parsed.description()) + " at byte " +
                     std::to_string(parsed.offset));
  }
  const Result<pugi::xml_node> root = only_root(document);
  if (!root) return root.error();
  Xml tree;
  if (auto taken = TreeReader(limits).read(*root, 1, tree); !taken) return taken.error();
  return tree;
}

}  // namespace

Xml::Xml() = default;
Xml::~Xml() = default;
Xml::Xml(const Xml&) = default;
Xml& Xml::operator=(const Xml&) = default;
Xml::Xml(Xml&&) noexcept = default;
Xml& Xml::operator=(Xml&&) noexcept = default;

const Xml* Xml::child(std::string_view child_name) const {
  const auto found = std::find_if(children.begin(), children.end(),
                                  [&](const Xml& one) { return one.name == child_name; });
  return found == children.end() ? nullptr : &*found;
}

std::string_view Xml::child_text(std::string_view child_name) const {
  const Xml* const found = child(child_name);
  return found == nullptr ? std::string_view() : std::string_view(found->text);
}

Result<Xml> parse_xml(std::string_view text, const XmlLimits& limits) {
  if (text.size() > limits.bytes_max) {
    return Error{ErrorCode::kTooLarge,
                 "XML: more than " + std::to_string(limits.bytes_max) + " bytes"};
  }
  // pugixml takes a NUL for an end.
  if (text.find('\0') != std::string_view::npos) return malformed("a NUL byte");
  try {
    return read_document(text, limits);
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kTooLarge, "XML: out of memory"};
  }
}

}  // namespace lookout::encoding
