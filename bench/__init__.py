"""One command a figure: how fast the pipeline is, beside a limit measured in the same run."""
