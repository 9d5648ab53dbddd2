#!/bin/sh
# Runs nginx in its image: renders nginx.conf from the environment, tests it, and stays until nginx ends. With a legacy
# API behind it and a region database to ask, `playlog moves follow` and `playlog moves compare` run beside it.
set -eu
cd /run/playlog
awk -f /srv/playlog/render_nginx.awk /srv/playlog/nginx.conf >nginx.conf
# The map of what is moved: nothing, until a follower knows better. One of before a restart holds on.
[ -e moved.conf ] || cp /srv/playlog/unmoved.conf moved.conf
mkdir -p reload
rm -f reload/closing
nginx="nginx -p /run/playlog/ -e stderr -c /run/playlog/nginx.conf"
$nginx -t -q

# The database's password is none of nginx's.
env -u REGION_DB_PASSWORD -u CA_PEM $nginx -g "daemon off;" &
server=$!

# nginx bounds the time between two reads of a request, not the whole: a reload ends the workers that a trickle holds.
# For a moment before and after it each answer closes its connection, so that no request is lost (nginx.conf).
(while sleep 60; do touch reload/closing; sleep 0.2; kill -HUP "$server" || exit 0; sleep 0.4; rm -f reload/closing; done) >/dev/null 2>&1 &
reloads=$!

# beside SERVICE: runs it, again should it end, until we are told to stop.
beside() {
  trap 'kill -TERM "$child" 2>/dev/null; wait "$child"; exit 0' TERM
  while :; do
    /srv/playlog/entrypoint.sh moves "$1" &
    child=$!
    wait "$child" || echo "playlog moves $1 ended with status $?: it is started again" >&2
    sleep 2 &
    child=$!
    wait "$child"
  done
}
followers=""
if [ -n "${LEGACY_UPSTREAM:-}" ]; then
  if [ -n "${REGION_DB_URL:-}" ]; then
    # As the entrypoint has it; once, for two that wrote the file would cut it short under each other's eyes.
    [ -z "${CA_PEM:-}" ] || printf '%s\n' "$CA_PEM" >/run/playlog/ca.pem
    unset CA_PEM
    export NGINX_CONFIG=/run/playlog/nginx.conf NGINX_PREFIX=/run/playlog
    for service in follow compare; do
      beside "$service" &
      followers="$followers $!"
    done
  else
    echo "REGION_DB_URL is not set: nobody follows what is moved, everything goes to LEGACY_UPSTREAM" >&2
  fi
fi

# nginx finishes the requests under way; the followers say that this nginx is gone.
stop() {
  [ -z "$followers" ] || kill -TERM $followers 2>/dev/null || :
  kill -QUIT "$server" 2>/dev/null || :
}
trap stop QUIT TERM INT
status=0
while kill -0 "$server" 2>/dev/null; do
  status=0
  wait "$server" || status=$?
done
[ -z "$followers" ] || { kill -TERM $followers 2>/dev/null || :; wait $followers || :; }
kill "$reloads" 2>/dev/null || :
exit "$status"
