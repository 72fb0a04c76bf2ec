#include "src/repository/file_source.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <filesystem>

#include "test/repository/scan_fixture.hpp"
#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::repository;
using lookout::testing::TemporaryFolder;

namespace {

struct FileFixture : ScanFixture {
  TemporaryFolder folder;
  RepositorySettings settings;
  ScanContext shared = context();
  std::optional<FileSourceReader> reader;

  ScanOutcome scan(const std::string& path, std::stop_token stop = {}) {
    if (!reader) {
      settings.source = HttpSource{.file_path = path};
      reader.emplace(settings, shared);
    }
    return reader->scan(std::move(stop), {});
  }
};

}  // namespace

TEST_CASE("file source: a file, or index.yaml in a folder") {
  FileFixture f;
  f.folder.write("charts/index.yaml", index_text(3));
  const std::string name = GENERATE(as<std::string>(), "charts", "charts/index.yaml");
  const ScanData data = data_of(f.scan(f.folder.path(name)));
  CHECK(data.index.charts.at(0).versions.size() == 3);
  CHECK(data.index_bytes == index_text(3).size());
}

TEST_CASE("file source: unchanged until the file is") {
  FileFixture f;
  const std::string path = f.folder.write("index.yaml", index_text(1));
  data_of(f.scan(path));
  CHECK(std::holds_alternative<Unchanged>(f.scan(path)));
  SECTION("its size") {
    f.folder.write("index.yaml", index_text(2));
  }
  SECTION("its time") {
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  }
  SECTION("its identity, as when a ConfigMap is remounted") {
    const auto time = std::filesystem::last_write_time(path);
    const std::string other = f.folder.write("other", index_text(1));
    std::filesystem::last_write_time(other, time);
    std::filesystem::rename(other, path);
  }
  data_of(f.scan(path));
}

TEST_CASE("file source: a file that is damaged is tried again") {
  FileFixture f;
  const std::string path = f.folder.write("index.yaml", "<html>");
  CHECK(error_of(f.scan(path)).type == ScanErrorType::kNotAnIndex);
  CHECK(error_of(f.scan(path)).type == ScanErrorType::kNotAnIndex);
}

TEST_CASE("file source: what is not there or no file") {
  FileFixture f;
  SECTION("nothing") {
    const ScanError error = error_of(f.scan(f.folder.path("gone")));
    CHECK(error.type == ScanErrorType::kNotFound);
    CHECK_THAT(error.message, Catch::Contains("gone/index.yaml"));
  }
  SECTION("a folder") {
    std::filesystem::create_directories(f.folder.path("index.yaml"));
    CHECK(error_of(f.scan(f.folder.path("index.yaml"))).type == ScanErrorType::kNotFound);
  }
  SECTION("a FIFO that nobody writes to") {
    const std::string path = f.folder.path("index.yaml");
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK(error_of(f.scan(path)).type == ScanErrorType::kNotFound);
  }
}

TEST_CASE("file source: stop ends the read") {
  FileFixture f;
  std::stop_source stop;
  stop.request_stop();
  const std::string path = f.folder.write("index.yaml", index_text(1));
  CHECK(std::holds_alternative<Cancelled>(f.scan(path, stop.get_token())));
}
