// What migrate-values was given, brought into one shape. Accepted, told apart by their look:
//
//   values         of a chart, as `helm get values` prints them
//   a config file  of helm-exporter (helmRegistries:) or Helm Repository Exporter (repositories:)
//   manifests      any number of Kubernetes objects, lists of them included
//   environment    NAME=value lines, or a mapping of upper-case names
//   arguments      --flag=value, as words or as a YAML list
//
// The shape is that of the charts' values, plus
//
//   args.FLAG      arguments, without dashes; "true" when there was no value
//   env.NAME       a text, or {valueFrom: ...}
//   sidecars.NAME  other containers of the pod
//   pod.FIELD, container.FIELD   of a manifest, what no chart has a value for
//   objects.KIND/NAME            objects that are only named
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"
#include "lookout/encoding/yaml.hpp"

namespace lookout::cli {

inline constexpr std::size_t kMigrateBytesMax = 4U << 20;
inline constexpr std::size_t kMigrateDocumentsMax = 1'000;
// Lines of an environment, words of arguments, or values in all documents together: names are
// looked up one after the other.
inline constexpr std::size_t kMigrateEntriesMax = 20'000;

// kMalformed, kTooLarge: one line that quotes no value.
Result<encoding::Yaml> read_migration_input(std::string_view text);

// One document that is no Kubernetes object, in that shape.
Result<encoding::Yaml> read_migration_document(encoding::Yaml document);
// The facts of Kubernetes objects, in that shape.
encoding::Yaml read_manifests(const std::vector<encoding::Yaml>& objects);

// {flag: value} out of ["--flag=value", "-flag", "value"]; other words are left out.
encoding::Yaml read_arguments(const std::vector<std::string>& words);
// {NAME: value} out of a container's `env:` list; one that is a mapping already stays.
encoding::Yaml read_env_list(const encoding::Yaml& list);
// Under root, member by member; what is there already stays.
void merge_into(encoding::Yaml& root, const encoding::Yaml& more);

}  // namespace lookout::cli
