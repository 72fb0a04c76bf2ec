# A table of contents: one line a target, the work is in scripts/ and CMake presets.
.PHONY: run test build deps dev clang tsan tidy fuzz bench e2e e2e-full load soak chart monitoring docs
.PHONY: node image release clean

run: ; @scripts/run                                  # sandbox (or KUBECONFIG=path) + controller
test: ; @scripts/test                                # everything CI checks
build: deps ; @scripts/build release helm-lookout    # build/release/src/helm-lookout
deps: ; @scripts/install-deps                        # Debian packages, when one is missing
dev: deps ; @scripts/build dev && ctest --preset dev # unit and integration, ASan and UBSan
tsan: deps ; @scripts/build tsan && ctest --preset tsan
clang: deps ; @scripts/build clang                   # thread safety analysis
tidy: deps ; @scripts/clang-tidy                     # clang-tidy over every source
fuzz: deps ; @scripts/fuzz                           # a minute a target (FUZZ_SECONDS)
bench: deps ; @scripts/bench                         # figures into docs/benchmarks.md
e2e: deps ; @test/e2e/run                            # real API server, Helm 3 and 4, promtool
e2e-full: deps ; @test/e2e/run --full                # what e2e leaves out for time
load: deps ; @test/load/run $(LOAD)                  # floods, churn, scrapers; LOAD=--whole for minutes
soak: deps ; @test/soak/run                          # faults for SOAK_SECONDS (300), compared with truth
chart: deps ; @test/chart/run                        # chart and manifests, on Helm and an API server
monitoring: deps ; @test/monitoring/run              # alerts and dashboards, in promtool and Prometheus
docs: deps ; @test/docs/run                          # links, examples and policies of docs/
node: deps ; @test/e2e/node/run                      # image and chart on a real kubelet; needs root
image: ; @scripts/image                              # container image by buildah
release: ; @scripts/release $(RELEASE)               # chart and index; RELEASE="--oci ... --s3 ..."
clean: ; @rm -rf build
