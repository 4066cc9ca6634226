"""Errors that end a gateway, or keep it from starting."""

from tower.gateway.options import ExitCode, TowerError


class SettingsError(TowerError):
    """The settings file, the environment or a flag says something that cannot be."""

    exit_code = ExitCode.USAGE


class PortTaken(TowerError):
    """Another program listens on the port."""

    exit_code = ExitCode.PORT_TAKEN


class NoSuchRegion(TowerError):
    """The region asked for is neither built in nor imported."""

    exit_code = ExitCode.NO_SUCH_REGION


class DataError(TowerError):
    """A file cannot be read, or the journal cannot be opened."""

    exit_code = ExitCode.DATA


class GatewayUnreachable(TowerError):
    """Nobody answers where the gateway should be."""

    exit_code = ExitCode.UNREACHABLE


class WrongToken(TowerError):
    """The gateway does not know the token, or the token may not do this."""

    exit_code = ExitCode.WRONG_TOKEN
