#!/bin/sh
# Runs one word of playlog in the image: serve, consume, migrate, report … (`--help` lists them all).
# exec: the word is the container's own process, so that SIGTERM reaches it and its exit status is the container's.
set -eu
cd /srv/playlog
# A task of a container service has no files of its own: the certificates of the authorities that it trusts come by
# CA_PEM, and lie where KAFKA_CA and ssl_ca point to.
if [ -n "${CA_PEM:-}" ]; then
  printf '%s\n' "$CA_PEM" >/run/playlog/ca.pem
  unset CA_PEM
fi
exec /opt/playlog/bin/python3 -m commands "$@"
