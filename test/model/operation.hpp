// What happens to releases: the operations of people with helm and kubectl, and their JSON, one
// object a line. README.md beside this file describes the format.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "test/model/payload_book.hpp"

namespace lookout::model {

enum class Verb {
  // helm
  kInstall,
  kUpgrade,
  kRollback,
  kUninstall,
  // kubectl, on one object
  kDelete,
  kReplace,  // the same object anew: another uid
  kCopy,
  kSetLabel,
  kRemoveLabel,
  kCorrupt,
  kRepair,
  kCreateForeign,
  // kubectl, on a namespace
  kDeleteNamespace,
};

// How helm's own work ends. kPending: helm was killed half-way.
enum class Outcome { kDeployed, kFailed, kPending };

// An object that is in our way but no release.
enum class Foreign {
  kOtherType,    // named and labelled like one
  kNoOwner,      // named and typed like one
  kBadName,      // typed and labelled like one
  kOtherFormat,  // the same, of a version of Helm's storage to come
};

// Fields that a verb does not use keep their defaults and are not written.
struct Operation {
  Verb verb = Verb::kInstall;
  std::string ns;
  std::string release;  // helm's; of an object: what its name says
  std::string object;   // kubectl's: the object's name

  // install, upgrade
  std::string chart;
  std::string chart_version;
  std::string app_version;
  std::vector<std::pair<std::string, std::string>> labels;  // user labels
  Style style = Style::kHelm3;                              // of the payload
  bool replace = false;                                     // install --replace
  // install, upgrade, rollback
  Outcome outcome = Outcome::kDeployed;
  std::uint32_t history_max = 10;  // not install; 0: no limit
  std::uint32_t revision = 0;      // rollback: to which
  bool keep_history = false;       // uninstall

  std::string to_ns;      // copy
  std::string to_object;  // copy
  std::string label;      // set_label, remove_label: key
  std::string value;      // set_label
  Damage damage = Damage::kEmpty;
  Foreign foreign = Foreign::kOtherType;
};

// One line without its end.
std::string to_json(const Operation& operation);

}  // namespace lookout::model
