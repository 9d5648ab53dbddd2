"""Turns the problems of a body into the error that refuses it."""

from collections.abc import Sequence

from app.codes import LOGS_INVALID
from app.errors import ApiError, Problem
from app.logs.limits import MAX_PROBLEMS

LOGS_SENTENCE = "One log or more is invalid. Nothing of the request was kept: correct it and send all of it again."
BODY_SENTENCE = "The body can't be read as play logs. Nothing was kept."


def refusal(problems: Sequence[Problem]) -> ApiError:
    """The error of a body with these problems: 1008 when a log is to blame, else the first one's code."""
    shown = tuple(problems[:MAX_PROBLEMS])
    if any(problem.index is not None for problem in problems):
        return ApiError(400, LOGS_INVALID, LOGS_SENTENCE, shown, len(problems))
    return ApiError(400, problems[0].code, BODY_SENTENCE, shown, len(problems))
