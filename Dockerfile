# The CPU image: `docker build -t nowcast .`, or podman, or buildah (with --format docker, which keeps the health check).
# It needs nothing but this folder, Maven Central and the distribution's packages. docs/deployment.md has the figures.
ARG MAVEN_IMAGE=docker.io/library/maven:3.9-eclipse-temurin-25
ARG RUNTIME_IMAGE=docker.io/library/debian:trixie-slim

# ---- The jar, taken apart; a Java runtime with the modules that it needs; the native libraries, unpacked.
FROM ${MAVEN_IMAGE} AS build
# Set by BuildKit and buildah; a default would count over BuildKit's. Builders that do not know it build for their own machine.
ARG TARGETARCH
# Further arguments for Maven: --settings ...; with -o there is no bill of materials, whose plugin wants the network.
ARG MAVEN_ARGS=""
RUN apt-get update && apt-get install -y --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY pom.xml ./
COPY src/main ./src/main
RUN case "${TARGETARCH:-$(dpkg --print-architecture)}" in \
        amd64) platform=linux-x86_64 ;; \
        arm64) platform=linux-aarch64 ;; \
        *) echo "there is no PyTorch library for ${TARGETARCH:-this machine}" >&2; exit 1 ;; \
    esac \
    && mvn -B -ntp ${MAVEN_ARGS} -Pprepared package -Dmaven.test.skip=true -Dpytorch.platform=${platform} \
    && java -Djarmode=tools -jar target/nowcast-*.jar extract --layers --destination /extracted \
    && mv /extracted/application/nowcast-*.jar /extracted/application/nowcast.jar
# DJL and JNA would unpack them at the first start, into a cache that a read-only root does not have. The symbol tables are a
# fifth of the library and serve debuggers only. The jars that held them go: nothing reads them once these are found.
RUN case "${TARGETARCH:-$(dpkg --print-architecture)}" in amd64) platform=linux-x86_64 ;; arm64) platform=linux-aarch64 ;; esac \
    && mkdir /native && cd /native \
    && jar xf /extracted/dependencies/lib/pytorch-native-cpu-*.jar pytorch/cpu/${platform} \
    && jar xf /extracted/dependencies/lib/pytorch-jni-*.jar jnilib/${platform}/cpu \
    && mv pytorch/cpu/${platform}/* jnilib/${platform}/cpu/* . && rm -r pytorch jnilib \
    && strip --strip-unneeded libtorch_cpu.so libc10.so libdjl_torch.so && chmod 0755 * \
    && cd / && jar xf /extracted/dependencies/lib/jna-*.jar com/sun/jna/$(echo ${platform} | tr _ -)/libjnidispatch.so \
    && mv com/sun/jna/*/libjnidispatch.so /native-jna.so && rm -r com \
    && rm /extracted/dependencies/lib/pytorch-native-cpu-*.jar /extracted/dependencies/lib/pytorch-jni-*.jar
RUN jlink --output /runtime --no-header-files --no-man-pages --compress zip-6 --generate-cds-archive --add-modules \
java.base,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml,jdk.crypto.ec,jdk.jcmd,jdk.jfr,jdk.management,jdk.management.agent,jdk.net,jdk.unsupported,jdk.zipfs

# ---- Everything but the AOT cache.
FROM ${RUNTIME_IMAGE} AS service
RUN apt-get update && apt-get install -y --no-install-recommends libstdc++6 \
    && rm -rf /var/lib/apt/lists/* /var/log/* /var/cache/* \
    && groupadd --gid 10001 nowcast && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin nowcast
COPY --from=build /native /opt/nowcast/native
COPY --from=build --chmod=0755 /native-jna.so /opt/nowcast/jna/libjnidispatch.so
COPY --from=build /runtime /opt/java
COPY --from=build /extracted/dependencies /opt/nowcast
# Readable by any user, also where the checkout is not.
COPY --chmod=0755 docker/java.arguments docker/compiler.directives docker/start docker/healthcheck /opt/nowcast/
COPY --from=build /extracted/application /opt/nowcast
ENV PATH=/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    # The libraries above, exactly; no download, no telemetry.
    PYTORCH_LIBRARY_PATH=/opt/nowcast/native \
    PYTORCH_FLAVOR=cpu \
    PYTORCH_VERSION=2.7.1 \
    DJL_OFFLINE=true \
    OPT_OUT_TRACKING=true \
    # glibc would map and unmap what large grids need, again and again; docs/deployment.md has the page faults.
    MALLOC_MMAP_THRESHOLD_=4294967296 \
    MALLOC_TRIM_THRESHOLD_=4294967296 \
    MALLOC_TOP_PAD_=268435456
WORKDIR /opt/nowcast
USER 10001:10001

# ---- The AOT cache: a start of the whole service that answers one forecast and stops. No GPU and no network.
FROM service AS train
USER 0
COPY docker/train docs/sample/radar.npy docs/sample/radar.zip /training/
# A file of a radar network and a map, so that the cache has their readers, and a runtime that lacks a module fails here.
COPY src/test/resources/radar/*_odim.zip src/test/resources/radar/*_geotiff.zip /training/
RUN /training/train /training/nowcast.aot

FROM service
COPY --from=train --chmod=0444 /training/nowcast.aot /opt/nowcast/nowcast.aot
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=""
LABEL org.opencontainers.image.title="Nowcast" \
      org.opencontainers.image.description="Serves ConvLSTM and ConvGRU precipitation nowcasts over HTTP" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
EXPOSE 8080
# Model folders come by this volume: -e NOWCAST_MODELS_DIRECTORY=/models -v ./models:/models:ro
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 CMD ["/opt/nowcast/healthcheck"]
ENTRYPOINT ["/opt/nowcast/start"]
