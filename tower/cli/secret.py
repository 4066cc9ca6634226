"""`tower secret`: secrets of accounts with providers, in the keyring of the operating system."""

import argparse
import getpass
import sys

from tower.gateway.errors import SettingsError
from tower.gateway.options import ExitCode
from tower.gateway.telling.secrets import SystemKeyring, variable_of
from tower.outreach.port import ChannelError


def run(options: argparse.Namespace) -> int:
    """Keep a secret, or drop it. What is kept is read by the next gateway of the same user.

    Raises:
        SettingsError: there is no keyring, or no secret was given.
    """
    keyring = SystemKeyring()
    try:
        if options.step == "delete":
            return _delete(keyring, options.account, options.option)
        keyring.keep(options.account, options.option, _asked(options))
    except ChannelError as error:
        raise SettingsError(str(error)) from error
    print(f"The secret {options.option} of {options.account} is in the keyring.")
    return ExitCode.OK


def _delete(keyring: SystemKeyring, account: str, option: str) -> int:
    was_there = keyring.forget(account, option)
    print(f"The secret {option} of {account} {'is gone' if was_there else 'was not there'}.")
    return ExitCode.OK


def _asked(options: argparse.Namespace) -> str:
    """The secret, typed unseen, or from a pipe; never on the command line, which others can see."""
    name = f"{options.option} of {options.account}"
    typed = getpass.getpass(f"{name}: ") if sys.stdin.isatty() else sys.stdin.readline()
    secret = typed.rstrip("\r\n")
    if not secret:
        variable = variable_of(options.account, options.option)
        raise SettingsError(f"No secret was given. A gateway also reads {variable}.")
    return secret
