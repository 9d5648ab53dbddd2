"""The limits of the log endpoints, each with its unit and its reason; nginx.conf repeats the body's."""

from common.records import MAX_LOGS_PER_REQUEST

#: A request's body, and what a gzip body inflates to. 500 logs with the longest fields of real phones fit in it.
MAX_BODY_BYTES = 1024 * 1024

#: Characters of a partner's own id of a listener.
MAX_USER_ID = 255
#: What the canonical form can add to a log: six digits of time and the default of playType, or country and userId of
#: the query, whose control characters take six bytes each.
MAX_GROWTH_A_LOG_BYTES = 64 + 6 * MAX_USER_ID
MAX_GROWTH_BYTES = MAX_LOGS_PER_REQUEST * MAX_GROWTH_A_LOG_BYTES
#: The headers of a record: names of up to 64 characters, a key of up to 128, digest, ids, framing.
MAX_HEADERS_BYTES = 2 * 1024
#: The largest record that an accepted request can become; the topic's max.message.bytes has to allow it.
MAX_RECORD_BYTES = MAX_BODY_BYTES + MAX_GROWTH_BYTES + MAX_HEADERS_BYTES

#: Arrays and objects in one another, our own limit: parsers and interpreters give up at depths that vary.
MAX_DEPTH = 16

#: Errors explained in one reply; more are only counted.
MAX_PROBLEMS = 100

#: Characters kept of a user agent; a longer one is cut, not refused.
MAX_USER_AGENT = 256

#: How old a play may be: less than this.
MAX_AGE_DAYS = 61
#: How far a play may lie ahead of our clock: phones' clocks were seen up to 80 s ahead.
FUTURE_TOLERANCE_SECONDS = 120

#: The record is given up by the producer after this time, so that no record outlives its reply by much.
MESSAGE_TIMEOUT_SECONDS = 8.0
#: The reply leaves at this time at the latest. Longer than the message's time-out, shorter than nginx's 15 s.
REPLY_DEADLINE_SECONDS = 10.0
#: What gunicorn gives requests under way when it stops.
GRACEFUL_SECONDS = 20
#: What the task's stop time-out has to allow: draining, gunicorn's end, and the last flush.
STOP_SECONDS = 110
#: Threads of a worker that never wait for Kafka, so that /health and /ready always have one.
SPARE_THREADS = 4
