#include "test/fakes/template_text.hpp"

#include <array>
#include <random>

namespace lookout::fakes {
namespace {

constexpr std::array<std::string_view, 6> kKinds = {"Deployment", "Service",     "ConfigMap",
                                                    "Ingress",    "StatefulSet", "ClusterRole"};
constexpr std::array<std::string_view, 16> kWords = {
    "replicas", "timeout",     "storage",   "affinity", "tolerations", "probe",
    "metrics",  "password",    "endpoint",  "resource", "policy",      "gateway",
    "listener", "certificate", "retention", "cluster"};

std::string_view word(std::mt19937_64& random) {
  return kWords[random() % kWords.size()];
}

std::string setting(std::mt19937_64& random) {
  std::string out = "            - name: ";
  out += word(random);
  out += '_';
  out += word(random);
  out += "\n              value: {{ .Values.";
  out += word(random);
  out += '.';
  out += word(random);
  out += " | default \"";
  out += std::to_string(random() % 100'000);
  return out + "\" | quote }}\n";
}

}  // namespace

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

std::string template_text(std::string_view chart, std::uint64_t seed, std::size_t bytes) {
  std::mt19937_64 random(seed);
  const std::string name(chart);
  std::string out = "{{- if .Values.enabled }}\napiVersion: v1\nkind: ";
  out += kKinds[random() % kKinds.size()];
  out += "\nmetadata:\n  name: {{ include \"" + name + ".fullname\" . }}\n  labels:\n    " +
         "{{- include \"" + name + ".labels\" . | nindent 4 }}\nspec:\n  template:\n    spec:\n" +
         "      containers:\n        - name: " + name + "\n          env:\n";
  while (out.size() < bytes) out += setting(random);
  return out + "{{- end }}\n";
}

}  // namespace lookout::fakes
