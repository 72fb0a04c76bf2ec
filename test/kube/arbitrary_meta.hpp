// rapidcheck generators of API objects.
#pragma once

#include <rapidcheck.h>

#include "test/kube/wire_builder.hpp"

namespace lookout::kube::wire {

// Text that JSON can carry: ASCII with quotes, backslashes and control characters.
inline rc::Gen<std::string> text_generator() {
  return rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::inRange<char>('a', 'z'), rc::gen::inRange<char>(0, 127)));
}

// One in a few is longer than what the JSON framer moves aside.
inline rc::Gen<std::string> long_text_generator() {
  return rc::gen::apply(
      [](std::string text, int repeat) {
        std::string out = text;
        for (int i = 0; i < repeat; ++i) out += text + "0123456789\\\"";
        return out;
      },
      text_generator(), rc::gen::element(0, 0, 1, 40));
}

inline rc::Gen<helm::SecretMeta> meta_generator() {
  return rc::gen::build<helm::SecretMeta>(
      rc::gen::set(&helm::SecretMeta::ns, text_generator()),
      rc::gen::set(&helm::SecretMeta::name, rc::gen::nonEmpty(text_generator())),
      rc::gen::set(&helm::SecretMeta::uid, text_generator()),
      rc::gen::set(&helm::SecretMeta::resource_version, rc::gen::nonEmpty(text_generator())),
      rc::gen::set(&helm::SecretMeta::labels,
                   rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
                       rc::gen::pair(long_text_generator(), long_text_generator()))),
      rc::gen::set(&helm::SecretMeta::created_seconds,
                   rc::gen::inRange<std::int64_t>(0, 4'000'000'000)));
}

inline rc::Gen<Object> object_generator() {
  return rc::gen::apply(
      [](helm::SecretMeta meta, std::optional<std::string> release) {
        return Object{std::move(meta), std::move(release), {{"note", "x"}}};
      },
      meta_generator(),
      rc::gen::oneOf(rc::gen::just(std::optional<std::string>()),
                     rc::gen::map(long_text_generator(), [](std::string text) {
                       return std::optional<std::string>(std::move(text));
                     })));
}

}  // namespace lookout::kube::wire
