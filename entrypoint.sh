#!/bin/sh
# Runs one word of playlog in the image: serve, consume, migrate, report … (`--help` lists them all).
# exec: the word is the container's own process, so that SIGTERM reaches it and its exit status is the container's.
set -eu
cd /srv/playlog
exec /opt/playlog/bin/python3 -m commands "$@"
