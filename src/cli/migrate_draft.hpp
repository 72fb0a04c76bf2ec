// The values that migrate-values writes, and what a person has to know about them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/encoding/yaml.hpp"

namespace lookout::cli {

struct MigrationNote {
  enum class Kind {
    kToDo,          // the values are not complete without it
    kDiffers,       // has no equivalent, or another meaning here
    kNotUnderstood  // no rule knows it: it was left out
  };
  Kind kind = Kind::kToDo;
  std::string where;  // in the input: "auth.credentials", "env.S3_BUCKET"
  std::string text;   // one sentence, no secrets
};

struct MigrationDraft {
  encoding::Yaml values;  // of our chart
  std::vector<MigrationNote> notes;

  // Nothing when `value` is empty.
  void put(std::string_view path, encoding::Yaml value);
  void append(std::string_view path, encoding::Yaml item);
  void note(MigrationNote::Kind kind, std::string_view where, std::string_view text);
  std::size_t count(MigrationNote::Kind kind) const;
};

// What is read, ticked off path by path; in the end the rest is what nobody understood.
class MigrationInput {
 public:
  explicit MigrationInput(encoding::Yaml root) : root_(std::move(root)) {}

  // nullptr when absent, null or empty. Ticks off all below.
  const encoding::Yaml* take(std::string_view path);
  // "" when absent or no scalar.
  std::string take_text(std::string_view path);
  bool has(std::string_view path) const { return find_in_root(path) != nullptr; }
  const encoding::Yaml& root() const { return root_; }
  // Paths of what is left and not empty, in order.
  std::vector<std::string> rest() const;

 private:
  const encoding::Yaml* find_in_root(std::string_view path) const;
  void collect(const encoding::Yaml& value, const std::string& path,
               std::vector<std::string>& out) const;

  encoding::Yaml root_;
  std::set<std::string, std::less<>> taken_;
};

// The file: `heading` and the notes as comments, then the values.
std::string render_draft(const MigrationDraft& draft, std::string_view heading);

}  // namespace lookout::cli
