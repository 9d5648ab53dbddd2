"""A host to try promises on: a Debian that boots in a container on this machine, and is thrown away afterwards."""
