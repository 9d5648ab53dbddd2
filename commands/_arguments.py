"""Converts the arguments of words, for argparse: what is wrong is said by name of the rule."""

from playlog_client.arguments import seconds, whole

__all__ = ["seconds", "whole"]
