# Two images from one file: `app` runs every word of playlog, `nginx` is the door in front of it.
#   make image        builds both, with docker or buildah
FROM debian:bookworm-slim AS packages

RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates gcc libmariadb-dev pkg-config python3-dev python3-venv \
 && rm -rf /var/lib/apt/lists/*
COPY requirements.lock /build/
# Wheels first: what has no wheel is compiled here, and no compiler comes into the image that runs.
RUN python3 -m venv /build/venv \
 && /build/venv/bin/pip wheel --no-cache-dir --require-hashes --requirement /build/requirements.lock --wheel-dir /build/wheels \
 && python3 -m venv /opt/playlog \
 && /opt/playlog/bin/pip install --no-cache-dir --no-index --no-deps /build/wheels/*.whl \
 && /opt/playlog/bin/pip uninstall --yes pip setuptools


FROM debian:bookworm-slim AS app

RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates libmariadb3 python3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin playlog \
 && install --directory --owner playlog --group playlog /run/playlog /var/lib/playlog
COPY --from=packages /opt/playlog /opt/playlog
COPY entrypoint.sh gunicorn.conf.py /srv/playlog/
COPY app /srv/playlog/app
COPY catalogue /srv/playlog/catalogue
COPY commands /srv/playlog/commands
COPY common /srv/playlog/common
COPY client/playlog_client /srv/playlog/playlog_client
COPY consumer /srv/playlog/consumer
COPY listeners /srv/playlog/listeners
COPY migrations /srv/playlog/migrations
COPY moving /srv/playlog/moving
COPY reports /srv/playlog/reports
COPY deploy/health.py /srv/playlog/deploy/
ENV PATH=/opt/playlog/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=/srv/playlog \
    PYTHONUNBUFFERED=1
RUN ln -s /srv/playlog/entrypoint.sh /usr/local/bin/playlog \
 && PYTHONDONTWRITEBYTECODE= python3 -m compileall -q /srv/playlog
# The commit that the image was made from.
ARG VERSION=unknown
LABEL org.opencontainers.image.revision=$VERSION
WORKDIR /srv/playlog
USER playlog
EXPOSE 8000 8090
HEALTHCHECK --interval=10s --timeout=5s --start-period=15s --retries=3 CMD ["python3", "/srv/playlog/deploy/health.py"]
ENTRYPOINT ["/srv/playlog/entrypoint.sh"]
CMD ["serve"]


# What runs beside nginx, `playlog moves`, is the app's image already.
FROM app AS nginx

USER root
RUN apt-get update \
 && apt-get install --yes --no-install-recommends mawk nginx \
 && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled
COPY nginx.conf deploy/render_nginx.awk deploy/nginx.sh deploy/nginx_health.sh deploy/unmoved.conf /srv/playlog/
ENV NGINX_LISTEN=0.0.0.0:8080 \
    NGINX_PRIVATE_LISTEN=127.0.0.1:8081 \
    NGINX_UPSTREAM=127.0.0.1:8000 \
    TRUSTED_PROXIES="" \
    INTERNAL_CALLERS="" \
    COMPARE_BIND=127.0.0.1:8082 \
    LEGACY_UPSTREAM=""
ARG VERSION=unknown
LABEL org.opencontainers.image.revision=$VERSION
WORKDIR /srv/playlog
USER playlog
EXPOSE 8080
# nginx finishes the requests under way on SIGQUIT; SIGTERM would cut them.
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s --retries=3 CMD ["/srv/playlog/nginx_health.sh"]
ENTRYPOINT ["/srv/playlog/nginx.sh"]
CMD []
