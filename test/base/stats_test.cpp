#include "lookout/base/stats.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <thread>
#include <vector>

using namespace lookout;

TEST_CASE("histogram: buckets are cumulative and bounds belong to their bucket") {
  static constexpr std::array<double, 3> kBounds = {1, 2, 5};
  Histogram histogram{kBounds};
  for (const double value : {0.5, 1.0, 1.5, 5.0, 100.0}) histogram.observe(value);
  const auto snapshot = histogram.snapshot();
  CHECK(snapshot.cumulative == std::vector<std::uint64_t>{2, 3, 4, 5});
  CHECK(snapshot.sum == Approx(108.0));
}

TEST_CASE("labelled counter: sets past the limit count as other") {
  LabelledCounter counter;
  for (std::size_t i = 0; i < LabelledCounter::kSetsMax + 10; ++i) {
    counter.add({"GET", std::to_string(i)});
  }
  counter.add({"GET", "0"});
  const auto values = counter.snapshot();
  CHECK(values.size() == LabelledCounter::kSetsMax + 1);
  CHECK(values.at({"other", "other"}) == 10);
  CHECK(values.at({"GET", "0"}) == 2);
}

TEST_CASE("counters: nothing is lost between threads") {
  static constexpr std::array<double, 1> kBounds = {1};
  Counter counter;
  Histogram histogram{kBounds};
  LabelledCounter labelled;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) {
          counter.add();
          histogram.observe(1);
          labelled.add({"x"});
        }
      });
    }
  }
  CHECK(counter.value() == 4000);
  CHECK(histogram.snapshot().cumulative.back() == 4000);
  CHECK(histogram.snapshot().sum == Approx(4000));
  CHECK(labelled.snapshot().at({"x"}) == 4000);
}
