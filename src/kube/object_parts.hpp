// What both wire formats are read into: one object's metadata and, if asked for, payload.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/helm/secret_meta.hpp"

namespace lookout::kube {

// An object of 8 MiB could name two million labels.
inline constexpr std::size_t kLabelsMax = 10'000;

inline constexpr std::string_view kInitialEventsEnd = "k8s.io/initial-events-end";

struct TypeMeta {
  std::string_view api_version;
  std::string_view kind;

  bool operator==(const TypeMeta&) const = default;
};

inline constexpr TypeMeta kPartialList{"meta.k8s.io/v1", "PartialObjectMetadataList"};
inline constexpr TypeMeta kPartialObject{"meta.k8s.io/v1", "PartialObjectMetadata"};
inline constexpr TypeMeta kStatus{"v1", "Status"};

// kMalformed naming what came instead.
Result<void> check_kind(const TypeMeta& actual, const TypeMeta& expected);

// Reused from one object to the next, so that strings keep their memory.
struct ObjectParts {
  helm::SecretMeta meta;
  bool has_metadata = false;
  bool initial_events_end = false;          // that annotation is "true"
  std::optional<std::string_view> release;  // into the bytes that were read

  void clear();
};

// Assigns labels over those of the object before; the destructor drops what is left.
class LabelWriter {
 public:
  explicit LabelWriter(helm::SecretMeta& meta) : meta_(meta) {}
  LabelWriter(const LabelWriter&) = delete;
  LabelWriter& operator=(const LabelWriter&) = delete;
  ~LabelWriter() { meta_.labels.resize(count_); }

  // False past kLabelsMax.
  bool add(std::string_view key, std::string_view value);

 private:
  helm::SecretMeta& meta_;
  std::size_t count_ = 0;
};

}  // namespace lookout::kube
