# The image: FROM scratch with the binary and the libraries it needs, nothing else.
#   buildah bud --build-arg BASE=docker.io/library/debian:bookworm -t helm-lookout .
ARG BASE=docker.io/library/debian:bookworm
FROM ${BASE} AS build
WORKDIR /source
COPY scripts/install-deps scripts/install-deps
RUN scripts/install-deps
COPY . .
ARG COMMIT=unknown
RUN cmake --preset release -DLOOKOUT_TESTS=OFF -DLOOKOUT_BENCH=OFF -DLOOKOUT_COMMIT=${COMMIT} \
 && cmake --build build/release --target helm-lookout \
 && strip build/release/src/helm-lookout \
 && scripts/image-root build/release/src/helm-lookout /root-of-image

FROM scratch
COPY --from=build /root-of-image /
USER 65532:65532
EXPOSE 9104 8081
ENTRYPOINT ["/helm-lookout"]
