#!/bin/sh
# Runs nginx in its image: renders nginx.conf from the environment, tests it, and becomes nginx.
set -eu
cd /run/playlog
awk -f /srv/playlog/render_nginx.awk /srv/playlog/nginx.conf >nginx.conf
nginx="nginx -p /run/playlog/ -e stderr -c /run/playlog/nginx.conf"
$nginx -t -q

# nginx bounds the time between two reads of a request, not the whole: a reload ends the workers that a trickle holds.
me=$$
(while sleep 60; do kill -HUP "$me" || exit 0; done) &

exec $nginx -g "daemon off;"
