"""Packs Playlog: its packages, the one console script, and what they need, each with the reason for its range.

requirements.lock pins what is really installed; `make lock` renews it from here.
"""

from setuptools import find_packages, setup

ROOMS = [
    "app",
    "catalogue",
    "commands",
    "common",
    "consumer",
    "devstack",
    "listeners",
    "migrations",
    "moving",
    "reports",
    "standin",
]

RUNTIME = [
    "flask>=3.1,<4",  # the web application; 3.1 reads MAX_CONTENT_LENGTH per request
    "gunicorn>=23,<28",  # serves it; 23 refuses ambiguous Transfer-Encoding headers
    "confluent-kafka>=2.11,<3",  # producer and consumer; the KIP-848 group protocol is stable from 2.11 on
    "jsonschema>=4.23,<5",  # explains a refused log: pointer, rule and message of every error
    "jsonschema-rs>=0.33,<0.61",  # decides whether a log is valid, two hundred times faster; as schemathesis takes it
    "orjson>=3.10,<4",  # reads and writes JSON on the hot path; refuses NaN and lone surrogates
    "mysqlclient>=2.2,<3",  # MySQL and MariaDB; 2.2 knows ssl_mode
    "datadog>=0.52,<1",  # DogStatsD metrics, sent by UDP
    "unittest-xml-reporting>=3.2,<5",  # JUnit files of the test suites, in the pipeline's test image too
    "lxml>=5.3,<7",  # reads XML bodies without entities, networks or deep trees; a C parser, wheels everywhere
    "jinja2>=3.1,<4",  # renders report.html; escapes by itself, and Flask has it anyway
    "pygal>=3.1,<4",  # charts as SVG, in Python alone; four releases in the last year, and one small dependency
    "flask-swagger-ui>=5.30,<6",  # Swagger UI for /docs/, with its files in the wheel; follows each release of it
    "duckdb>=1.4,<3",  # sums up a day's usage files: a million rows in a second, in bounded memory
    "requests>=2.32,<3",  # HTTP of the partners' package and of the smoke tests
    "oauthlib>=3.2.2,<5",  # verifies OAuth 1.0 signatures; Authlib's server can't do two-legged requests
    "cryptography>=44",  # AES-GCM for the clients' OAuth secrets; OpenSSL's own, wheels everywhere
    "tqdm>=4.66,<5",  # progress bars of the command line
]

DEVELOPMENT = [
    "boto3>=1.36,<2",  # registers and rolls out ECS task definitions for `make deploy`
    "botocore>=1.36,<2",  # knows the shape of an ECS task definition, which a test compares
    "cronsim>=2.6,<3",  # says when a crontab's line fires in a zone, also when its clocks change; as Debian's cron does
    "flask-cors>=6,<7",  # what moto's server needs beside Flask; moto[server] brings 25 packages more
    "hypothesis>=6.120,<7",  # makes up bodies on which the two validators must agree
    "lxml-stubs>=0.5,<1",
    "moto>=5.2,<6",  # an ECS on the loopback, which `make deploy` is tried against
    "mypy>=2,<3",  # make types
    "pyinfra>=3.10,<4",  # brings hosts to their promises over ssh, and says what it changed; released each month
    "pytest-testinfra>=10.2,<11",  # asks a host for users, packages and units over ssh; quiet, works from unittest
    "requests-oauthlib>=2,<3",  # a client of somebody else's, whose signatures the tests send through nginx
    "pyyaml>=6,<7",  # reads docker-compose.yml and the pipeline in the repository tests
    "ruff>=0.15,<1",  # make lint
    "schemathesis>=4.30,<5",  # makes up requests from /openapi.json, and checks every answer against it
    "selenium>=4.40,<5",  # drives Debian's Chromium, by which each page is looked at
    "setuptools>=77",  # installs this very package from the clone, without asking a registry
    "types-jsonschema>=4.23,<5",
    "types-mysqlclient>=2.2,<3",
    "types-oauthlib>=3.2",
    "types-pyyaml>=6,<7",
    "types-requests>=2.32,<3",
    "types-requests-oauthlib>=2",
    "types-setuptools>=77",
    "types-tqdm>=4.66,<5",
]

setup(
    name="playlog",
    version="0.1.0",
    description="Takes play logs over HTTP, keeps them in Kafka, stores them exactly once, and reports on each day",
    python_requires=">=3.11",
    packages=find_packages(include=[pattern for room in ROOMS for pattern in (room, f"{room}.*")]),
    # One path entry for the whole clone: an editable install then sees packages that are added later.
    package_dir={"": "."},
    package_data={
        "": ["*.sql", "*.json", "*.xml", "*.properties"],
        "app.logs": ["streams/*.json"],
        "app.openapi": ["page/*"],
        "migrations": ["*/*.sql"],
        "moving": ["templates/*.html"],
        "reports": ["templates/*"],
    },
    include_package_data=False,
    install_requires=RUNTIME,
    extras_require={"dev": DEVELOPMENT},
    entry_points={"console_scripts": ["playlog = commands.__main__:main"]},
)
