"""From the command line to the module that carries the command out."""

import importlib
import os
import sys
from collections.abc import Sequence

from tower.cli.logs import begin_log
from tower.cli.parser import parse
from tower.gateway.options import ExitCode, TowerError

_PRIVATE = 0o077
"""What is written names customers, their doors and their codes: it is the user's alone."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command line.

    Args:
        arguments: the words after `tower`; those of this process where None.

    Returns:
        The exit code; see `tower.gateway.options.EXIT_WORDS`.
    """
    options = parse(sys.argv[1:] if arguments is None else arguments)
    os.umask(_PRIVATE)
    begin_log(sys.stderr)
    command = importlib.import_module(options.command_module)
    try:
        return int(command.run(options))
    except TowerError as error:
        print(f"tower: {error}", file=sys.stderr)
        return int(error.exit_code)
    except KeyboardInterrupt:
        return int(ExitCode.OK)
