# The image: FROM scratch with the binary and what it needs to run, nothing else. scripts/image
# builds it with all labels; by hand, with BuildKit, podman or buildah:
#   docker build -t helm-lookout .
# The same commit on the same base and packages gives the same digest (test/image). To get it again
# in a year, name BASE by digest and let its package sources point at an archive's snapshot.
ARG BASE=debian:bookworm
FROM ${BASE} AS deps
COPY scripts/install-deps /source/scripts/install-deps
RUN /source/scripts/install-deps

FROM deps AS build
WORKDIR /source
COPY . .
ARG TARGETARCH
ARG COMMIT=unknown
RUN --mount=type=cache,id=helm-lookout-ccache,target=/ccache \
    native=$(dpkg --print-architecture) && test "${TARGETARCH:-$native}" = "$native" \
 && cmake --preset release -DLOOKOUT_TESTS=OFF -DLOOKOUT_BENCH=OFF -DLOOKOUT_COMMIT="$COMMIT" \
 && export CCACHE_DIR=/ccache CCACHE_BASEDIR=/source CCACHE_NOHASHDIR=1 \
 && cmake --build build/release --target helm-lookout
ARG SOURCE_DATE_EPOCH=0
RUN scripts/image-root build/release src/helm-lookout /root-of-image

FROM scratch
ARG VERSION=unknown
ARG COMMIT=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title=helm-lookout \
      org.opencontainers.image.description="Helm's releases and repositories for Prometheus" \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$COMMIT \
      org.opencontainers.image.created=$CREATED \
      org.opencontainers.image.licenses=Apache-2.0
COPY --from=build /root-of-image /
# Where Debian's OpenSSL looks by itself is not in the image. A symbol that libstdc++ or zlib binds at
# its first call has the vector registers written to the stack, with what was last copied.
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt LD_BIND_NOW=1
USER 65532:65532
EXPOSE 9104 8081
ENTRYPOINT ["/helm-lookout"]
