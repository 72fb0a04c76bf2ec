#include <cstdio>
#include <iostream>
#include <string>

#include "lookout/system/files.hpp"

#include "src/cli/commands.hpp"
#include "src/cli/migrate_input.hpp"
#include "src/cli/migrate_source.hpp"
#include "src/cli/table.hpp"

namespace lookout::cli {
namespace {

Result<std::string> read_text(const std::string& file) {
  if (file != "-") return system::read_file(file, kMigrateBytesMax);
  std::string text;
  char piece[65536];
  while (std::cin.read(piece, sizeof piece) || std::cin.gcount() > 0) {
    text.append(piece, static_cast<std::size_t>(std::cin.gcount()));
    if (text.size() > kMigrateBytesMax) return Error{ErrorCode::kTooLarge, "more than 4 MiB"};
  }
  return text;
}

}  // namespace

int run_migrate(const MigrateCommand& command) {
  const auto text = read_text(command.file);
  const auto migration = text ? migrate_text(*text, command.from) : Result<Migration>(text.error());
  if (!migration) {
    std::fprintf(stderr, "helm-lookout: %s\n", migration.error().message.c_str());
    return 1;
  }
  if (!print(migration->text)) return 1;
  std::fprintf(stderr, "helm-lookout: from %s\n", migration->summary.c_str());
  return 0;
}

}  // namespace lookout::cli
