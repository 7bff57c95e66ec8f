# The image for NVIDIA GPUs: `docker build -f docker/cuda.Dockerfile -t nowcast:cu128 .`, run with `--gpus all`.
# It takes PyTorch 2.7.1 for CUDA 12.8 from PyTorch's own image: DJL's library works with exactly that one.
ARG MAVEN_IMAGE=docker.io/library/maven:3.9-eclipse-temurin-25
ARG PYTORCH_IMAGE=docker.io/pytorch/pytorch:2.7.1-cuda12.8-cudnn9-runtime
ARG RUNTIME_IMAGE=docker.io/library/debian:trixie-slim

FROM ${MAVEN_IMAGE} AS build
ARG MAVEN_ARGS=""
WORKDIR /source
COPY pom.xml ./
COPY src/main ./src/main
RUN mvn -B -ntp ${MAVEN_ARGS} -Pprepared package -Dmaven.test.skip=true \
    && java -Djarmode=tools -jar target/nowcast-*.jar extract --layers --destination /extracted \
    && mv /extracted/application/nowcast-*.jar /extracted/application/nowcast.jar
RUN mkdir /native && cd /native \
    && jar xf /extracted/dependencies/lib/pytorch-jni-*.jar jnilib/linux-x86_64/cu128 \
    && jar xf /extracted/dependencies/lib/jna-*.jar com/sun/jna/linux-x86-64/libjnidispatch.so \
    && mv jnilib/linux-x86_64/cu128/libdjl_torch.so com/sun/jna/linux-x86-64/libjnidispatch.so . && rm -r jnilib com \
    && chmod 0755 * \
    && rm /extracted/dependencies/lib/pytorch-native-cpu-*.jar /extracted/dependencies/lib/pytorch-jni-*.jar
RUN jlink --output /runtime --no-header-files --no-man-pages --compress zip-6 --generate-cds-archive --add-modules \
java.base,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml,jdk.crypto.ec,jdk.jcmd,jdk.jfr,jdk.management,jdk.management.agent,jdk.net,jdk.unsupported,jdk.zipfs

# PyTorch's libraries find NVIDIA's by their place beside them; what is for Python and for tests stays behind.
FROM ${PYTORCH_IMAGE} AS pytorch
RUN python -c "import torch; assert torch.__version__.startswith('2.7.1') and torch.version.cuda == '12.8', torch.__version__" \
    && site=$(python -c "import sysconfig; print(sysconfig.get_paths()['purelib'])") \
    && mkdir -p /pytorch/torch && cp -a "$site/torch/lib" /pytorch/torch/ && cp -a "$site/nvidia" /pytorch/ && chmod -R a+rX /pytorch \
    && cd /pytorch/torch/lib && rm -f libtorch_python.so libtorchbind_test.so libjitbackend_test.so libbackend_with_compiler.so libaoti_custom_ops.so libshm.so

FROM ${RUNTIME_IMAGE} AS service
RUN apt-get update && apt-get install -y --no-install-recommends libstdc++6 \
    && rm -rf /var/lib/apt/lists/* /var/log/* /var/cache/* \
    && groupadd --gid 10001 nowcast && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin nowcast
COPY --from=pytorch /pytorch /opt/nowcast/pytorch
COPY --from=build /native/libdjl_torch.so /opt/nowcast/pytorch/torch/lib/
COPY --from=build /native/libjnidispatch.so /opt/nowcast/jna/
COPY --from=build /runtime /opt/java
COPY --from=build /extracted/dependencies /opt/nowcast
# Readable by any user, also where the checkout is not.
COPY --chmod=0755 docker/java.arguments docker/compiler.directives docker/start docker/healthcheck /opt/nowcast/
COPY --from=build /extracted/application /opt/nowcast
ENV PATH=/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    PYTORCH_LIBRARY_PATH=/opt/nowcast/pytorch/torch/lib \
    PYTORCH_FLAVOR=cu128 \
    PYTORCH_VERSION=2.7.1 \
    # DJL counts GPUs with this library, which it looks up by name.
    LD_LIBRARY_PATH=/opt/nowcast/pytorch/nvidia/cuda_runtime/lib \
    NVIDIA_VISIBLE_DEVICES=all \
    # "compute" brings libcuda.so.1, "utility" libnvidia-ml.so.1, which the meters of GPUs are read from.
    NVIDIA_DRIVER_CAPABILITIES=compute,utility \
    # Without a GPU the start fails; with "auto" it would fall back to the CPU. Several are named: -e NOWCAST_DEVICES=cuda:0,cuda:1
    NOWCAST_DEVICES=cuda:0 \
    DJL_OFFLINE=true \
    OPT_OUT_TRACKING=true \
    MALLOC_MMAP_THRESHOLD_=4294967296 \
    MALLOC_TRIM_THRESHOLD_=4294967296 \
    MALLOC_TOP_PAD_=268435456
WORKDIR /opt/nowcast
USER 10001:10001

# There is no GPU in a build: the training ends when the context stands. Threads beside it load PyTorch's library and look for cuda:0 meanwhile
# (EarlyLoading, WorkerPool.prepare), but only what comes after would fail for what they miss.
FROM service AS train
USER 0
COPY docker/train /training/
RUN /training/train /training/nowcast.aot refresh

FROM service
COPY --from=train --chmod=0444 /training/nowcast.aot /opt/nowcast/nowcast.aot
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=""
LABEL org.opencontainers.image.title="Nowcast (CUDA 12.8)" \
      org.opencontainers.image.description="Serves ConvLSTM and ConvGRU precipitation nowcasts over HTTP" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s --retries=3 CMD ["/opt/nowcast/healthcheck"]
ENTRYPOINT ["/opt/nowcast/start"]
