#include "test/fakes/release_generator.hpp"

#include <algorithm>

#include "lookout/encoding/base64.hpp"
#include "lookout/encoding/gzip.hpp"
#include "lookout/encoding/time.hpp"

#include "test/fakes/json_text.hpp"
#include "test/fakes/template_text.hpp"

namespace lookout::fakes {
namespace {

void append_field(std::string& out, std::string_view key, std::string_view value) {
  append_quoted(out, key);
  out += ':';
  append_quoted(out, value);
  out += ',';
}

void close(std::string& out, char bracket) {
  if (out.back() == ',') out.pop_back();
  out += bracket;
}

std::string time_text(std::int64_t seconds) {
  std::string out = encoding::format_rfc3339(seconds);
  return out.insert(out.size() - 1, ".123456789");
}

std::string template_name(std::size_t index) {
  return "templates/resource-" + std::to_string(index) + ".yaml";
}

std::string template_of(const ReleaseSpec& spec, std::size_t index) {
  const std::uint64_t seed = hash_of(std::string(spec.chart.name) + template_name(index)) ^
                             hash_of(spec.version.version) % 3;
  return template_text(spec.chart.name, seed, spec.chart.template_bytes);
}

void append_info(std::string& out, const ReleaseSpec& spec) {
  out += R"("info":{)";
  append_field(out, "first_deployed", time_text(spec.first_deployed_seconds));
  append_field(out, "last_deployed", time_text(spec.last_deployed_seconds));
  append_field(out, "deleted", "");
  append_field(out, "description", spec.description);
  append_field(out, "status", spec.status);
  append_field(out, "notes",
               "Thank you for installing <" + std::string(spec.chart.name) + ">.\n\nTo see it:\n" +
                   "  kubectl get pods -n " + spec.ns + " && helm status " + spec.name + "\n");
  close(out, '}');
}

void append_metadata(std::string& out, const ReleaseSpec& spec) {
  out += R"("metadata":{)";
  append_field(out, "name", spec.chart.name);
  append_field(out, "home", spec.chart.home);
  append_field(out, "version", spec.version.version);
  append_field(out, "description", spec.chart.description);
  out += R"("maintainers":[{"name":"maintainer","email":"maintainer@example.org"}],)";
  append_field(out, "apiVersion", "v2");
  append_field(out, "appVersion", spec.version.app_version);
  if (spec.chart.deprecated) out += R"("deprecated":true,)";
  append_field(out, "kubeVersion", ">=1.21.0-0");
  append_field(out, "type", "application");
  close(out, '}');
}

void append_templates(std::string& out, const ReleaseSpec& spec) {
  out += R"("templates":[)";
  for (std::size_t i = 0; i < spec.chart.templates; ++i) {
    out += '{';
    append_field(out, "name", template_name(i));
    append_field(out, "data", encoding::base64_encode(template_of(spec, i)));
    close(out, '}');
    out += ',';
  }
  close(out, ']');
}

// What the server was told: the templates again, rendered.
std::string manifest(const ReleaseSpec& spec) {
  std::string out;
  for (std::size_t i = 0; i < spec.chart.templates; ++i) {
    out += "---\n# Source: " + std::string(spec.chart.name) + "/" + template_name(i) + "\n";
    out += template_of(spec, i);
  }
  return out;
}

}  // namespace

std::string release_json(const ReleaseSpec& spec) {
  std::string out = "{";
  append_field(out, "name", spec.name);
  append_info(out, spec);
  out += R"(,"chart":{)";
  append_metadata(out, spec);
  out += R"(,"lock":null,)";
  append_templates(out, spec);
  out += R"(,"values":{"enabled":true,"replicaCount":2},"schema":null,"files":null},)";
  out += R"("config":{"replicaCount":3},)";
  append_field(out, "manifest", manifest(spec));
  append_field(out, "namespace", spec.ns);
  out.insert(out.rfind(R"("namespace":)"), R"("version":)" + std::to_string(spec.revision) + ",");
  close(out, '}');
  return out;
}

std::string release_payload(const ReleaseSpec& spec) {
  return encoding::base64_encode(encoding::gzip(release_json(spec), 9));
}

Object release_object(const ReleaseSpec& spec, Resource resource) {
  const std::string revision = std::to_string(spec.revision);
  Object out;
  out.resource = resource;
  out.ns = spec.ns;
  out.name = "sh.helm.release.v1." + spec.name + ".v" + revision;
  out.labels = {{"modifiedAt", std::to_string(spec.last_deployed_seconds)},
                {"name", spec.name},
                {"owner", "helm"},
                {"status", spec.status},
                {"version", revision}};
  out.created_seconds = spec.last_deployed_seconds;
  return out;
}

Object whole_release(const ReleaseSpec& spec, Resource resource) {
  Object out = release_object(spec, resource);
  out.value = std::make_shared<const std::string>(release_payload(spec));
  return out;
}

}  // namespace lookout::fakes
