#include "src/cli/migrate_draft.hpp"

#include <algorithm>

#include "lookout/base/text.hpp"

#include "src/cli/migrate_yaml.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;
using Kind = MigrationNote::Kind;

constexpr std::size_t kCommentColumns = 96;

struct NoteSection {
  Kind kind;
  std::string_view title;
};
constexpr NoteSection kSections[] = {
    {Kind::kToDo, "To do:"},
    {Kind::kDiffers, "Without an equivalent, or different here:"},
    {Kind::kNotUnderstood, "Not understood, and left out:"},
};

// A name from outside in a comment: nothing that could end the line.
std::string shown(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && static_cast<unsigned char>(c) < 0x7f && c != '"';
  });
  constexpr std::size_t kNameBytesMax = 120;
  return plain && name.size() <= kNameBytesMax ? std::string(name)
                                               : quote_bounded(name, kNameBytesMax);
}

// "# - words", folded; further lines begin under the words.
void append_folded(std::string_view text, std::string& out) {
  std::string line = "# -";
  for (const std::string_view word : split(text, ' ')) {
    if (line.size() + word.size() + 1 > kCommentColumns && line.size() > 3) {
      out += line + "\n";
      line = "#  ";
    }
    line += " " + std::string(word);
  }
  out += line + "\n";
}

}  // namespace

void MigrationDraft::put(std::string_view path, Yaml value) {
  if (!is_empty(value)) make_path(values, path) = std::move(value);
}

void MigrationDraft::append(std::string_view path, Yaml item) {
  Yaml& list = make_path(values, path);
  list.kind = Yaml::Kind::kSequence;
  list.items.push_back(std::move(item));
}

void MigrationDraft::note(Kind kind, std::string_view where, std::string_view text) {
  notes.push_back({kind, std::string(where), std::string(text)});
}

std::size_t MigrationDraft::count(Kind kind) const {
  return static_cast<std::size_t>(std::count_if(
      notes.begin(), notes.end(), [kind](const auto& note) { return note.kind == kind; }));
}

const Yaml* MigrationInput::find_in_root(std::string_view path) const {
  const Yaml* found = find_path(root_, path);
  return found == nullptr || is_empty(*found) ? nullptr : found;
}

const Yaml* MigrationInput::take(std::string_view path) {
  taken_.emplace(path);
  return find_in_root(path);
}

std::string MigrationInput::take_text(std::string_view path) {
  const Yaml* found = find_in_root(path);
  if (found != nullptr && found->kind != Yaml::Kind::kScalar) return "";  // stays in rest()
  return scalar_of(take(path));
}

void MigrationInput::collect(const Yaml& value, const std::string& path,
                             std::vector<std::string>& out) const {
  if (is_empty(value) || taken_.count(path) > 0) return;
  if (value.kind != Yaml::Kind::kMapping) {
    out.push_back(path);
    return;
  }
  for (const auto& [key, member] : value.members) {
    std::string below = path;
    if (!path.empty()) below += '.';
    collect(member, below += key, out);
  }
}

std::vector<std::string> MigrationInput::rest() const {
  std::vector<std::string> out;
  collect(root_, "", out);
  return out;
}

std::string render_draft(const MigrationDraft& draft, std::string_view heading) {
  std::string out = "# " + std::string(heading) + "\n";
  for (const NoteSection& section : kSections) {
    if (draft.count(section.kind) == 0) continue;
    out += "#\n# " + std::string(section.title) + "\n";
    for (const MigrationNote& note : draft.notes) {
      if (note.kind != section.kind) continue;
      append_folded(shown(note.where) + (note.text.empty() ? "" : ": " + note.text), out);
    }
  }
  return out + render_yaml(draft.values);
}

}  // namespace lookout::cli
