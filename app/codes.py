"""The error codes of the platform's API (SevenDigital.Api.Schema, src/Schema/ErrorCode.cs).

1xxx is input, 2xxx resource, 7xxx and 9xxx server.
"""

MISSING, INVALID, LOGS_INVALID, NOT_FOUND = 1001, 1002, 1008, 2001
UNABLE, TIMED_OUT, UNEXPECTED = 7001, 7003, 9001
