# The server as one small image. Build: docker build -t wattwarden .
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p wattwarden

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/wattwarden wattwarden
COPY --from=build /src/target/release/wattwarden /usr/local/bin/wattwarden
USER wattwarden
ENV WATTWARDEN_LISTEN=0.0.0.0:8080 \
    WATTWARDEN_DATA_DIR=/var/lib/wattwarden \
    WATTWARDEN_LOG_FORMAT=json
VOLUME /var/lib/wattwarden
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["wattwarden", "healthcheck"]
ENTRYPOINT ["wattwarden"]
CMD ["serve"]
