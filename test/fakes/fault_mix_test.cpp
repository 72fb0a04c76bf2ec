#include "test/fakes/fault_mix.hpp"

#include <catch2/catch.hpp>

#include <set>

#include "test/fakes/fault_line.hpp"

namespace lookout::fakes {

TEST_CASE("fault mix: each has a name of its own and a script that can be read") {
  std::set<std::string_view> names;
  for (const NamedFault& fault : named_faults()) {
    INFO(fault.name);
    CHECK(names.insert(fault.name).second);
    const auto script = parse_fault_script(fault.script);
    CHECK((script && !script->empty()));
  }
}

TEST_CASE("fault dice: the same seed, the same faults, each of them sooner or later") {
  FaultDice one(7);
  FaultDice same(7);
  FaultDice other(8);
  std::set<std::string_view> seen;
  bool differs = false;
  for (int i = 0; i < 1'000; ++i) {
    const NamedFault& fault = one.next();
    CHECK(&fault == &same.next());
    differs |= &fault != &other.next();
    seen.insert(fault.name);
  }
  CHECK(differs);
  CHECK(seen.size() == named_faults().size());
}

}  // namespace lookout::fakes
