"""The command line: parse, call, print. Nothing else."""

from kneeroll.cli.app import main

__all__ = ["main"]
