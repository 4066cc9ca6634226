"""From the command line to the module that carries the command out."""

import importlib
import logging
import sys
from collections.abc import Sequence

from tower.cli.parser import parse
from tower.gateway.options import ExitCode, TowerError


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command line.

    Args:
        arguments: the words after `tower`; those of this process where None.

    Returns:
        The exit code; see `tower.gateway.options.EXIT_WORDS`.
    """
    options = parse(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    command = importlib.import_module(options.command_module)
    try:
        return int(command.run(options))
    except TowerError as error:
        print(f"tower: {error}", file=sys.stderr)
        return int(error.exit_code)
    except KeyboardInterrupt:
        return int(ExitCode.OK)
