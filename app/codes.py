"""The error codes of the platform's API (SevenDigital.Api.Schema, src/Schema/ErrorCode.cs).

1xxx is input, 2xxx resource, 7xxx and 9xxx server.
"""

MISSING, INVALID, OUT_OF_RANGE, NOT_IN_LIST, LOGS_INVALID = 1001, 1002, 1003, 1006, 1008
NOT_FOUND, NOT_AVAILABLE = 2001, 2002
UNABLE, TIMED_OUT, UNEXPECTED = 7001, 7003, 9001
