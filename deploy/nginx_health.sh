#!/bin/bash
# Asks nginx itself, not the app behind it, whether it answers: for the image's HEALTHCHECK. Slim images have no curl.
set -eu
address=${NGINX_PRIVATE_LISTEN:-127.0.0.1:8081}
exec 3<>"/dev/tcp/${address%:*}/${address##*:}"
printf 'GET /nginx HTTP/1.0\r\n\r\n' >&3
read -r _ status _ <&3
[ "$status" = 200 ]
