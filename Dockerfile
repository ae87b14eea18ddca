# The two images of docker-compose.yml:
#
#   docker build --target asterisk .     Debian's Asterisk with a small example site
#   docker build --target linekeeper .   the daemon, its command line and a voice

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -o /linekeeper ./cmd/linekeeper

FROM debian:forky-slim AS asterisk
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      asterisk asterisk-core-sounds-en asterisk-core-sounds-ru asterisk-moh-opsound-gsm \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o asterisk -g asterisk /run/asterisk
COPY demo/compose/start-asterisk /usr/local/bin/
COPY demo/compose/asterisk/ /etc/asterisk/
# Only the modules that are needed, the same that the tests run with.
COPY asterisk-conf/complete/modules.conf.tmpl /etc/asterisk/modules.conf
ENTRYPOINT ["start-asterisk"]
CMD ["asterisk", "-f", "-U", "asterisk", "-G", "asterisk"]

# Not from scratch: the texts of hotlines are spoken by espeak-ng.
FROM debian:forky-slim AS linekeeper
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates espeak-ng tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --home-dir /var/lib/linekeeper --no-create-home linekeeper \
 && install -d -o linekeeper /run/linekeeper /var/lib/linekeeper /var/lib/linekeeper/prompts
COPY --from=build /linekeeper /usr/local/bin/
USER linekeeper
WORKDIR /var/lib/linekeeper
ENTRYPOINT ["linekeeper"]
CMD ["serve", "--config", "/etc/linekeeper/linekeeper.yaml"]
