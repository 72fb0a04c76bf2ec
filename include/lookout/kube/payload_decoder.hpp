// Whole Secrets and ConfigMaps from a list or a single object, one item at a time as
// the bytes arrive; only metadata and data["release"] are looked at.
//
// Protobuf: SecretList{1 ListMeta, 2 items}; Secret{1 ObjectMeta, 2 data{1 key, 2 value}};
// ConfigMap alike. JSON: the same by names; strings over 256 bytes are moved aside
// before the item reaches the JSON parser, so that a payload is never copied twice.
// Source: k8s.io/api/core/v1 generated.proto.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/helm/release.hpp"
#include "lookout/helm/secret_meta.hpp"
#include "lookout/kube/metadata_decoder.hpp"

namespace lookout::kube {

// Which objects hold the releases.
enum class StorageDriver { kSecret, kConfigMap };
// "secrets", "configmaps": the resource in API paths.
std::string_view resource_name(StorageDriver driver);

struct PayloadObject {
  const helm::SecretMeta& meta;
  std::optional<std::string_view> release;  // data.release as on the wire; nullopt: no such key
  helm::PayloadEncoding encoding;           // how many base64 layers `release` has
};

// Not thread-safe. The buffers that held payloads are cleansed before they are freed.
class PayloadDecoder {
 public:
  enum class Shape { kObject, kList };
  using ObjectSink = std::function<void(const PayloadObject&)>;  // arguments valid during the call

  PayloadDecoder(WireFormat format, Shape shape, StorageDriver driver, ObjectSink sink,
                 DecoderLimits limits = {});
  ~PayloadDecoder();
  PayloadDecoder(PayloadDecoder&&) noexcept;

  Result<void> feed(std::string_view bytes);
  Result<void> finish();  // kMalformed when incomplete

  class Format;

 private:
  std::unique_ptr<Format> format_;
};

}  // namespace lookout::kube
