"""An operations room's gateway, checked before the desktop joins it."""

from http import HTTPStatus
from urllib.parse import urlsplit

from tower.gateway.errors import GatewayUnreachable, SettingsError, WrongToken
from ui.gateway import Gateway, GatewayUrlError


class RemoteGateway:
    """A gateway somebody else runs.

    Args:
        url: its address.
        token: the user's token.

    Raises:
        SettingsError: there is no token, or the address cannot be one.
    """

    def __init__(self, url: str, token: str) -> None:
        self.token, self._url = token, url
        try:
            self._gateway = Gateway(url, token)
        except GatewayUrlError as error:
            raise SettingsError(f"{error}.") from error

    @property
    def words(self) -> str:
        """The gateway's host."""
        return urlsplit(self._url).hostname or self._url

    def wait_ready(self) -> str:
        """Ask the gateway whether it lives and knows the token.

        Raises:
            GatewayUnreachable: nobody answers there, or something else than a gateway.
            WrongToken: it does not know the token.
        """
        answer = self._gateway.fetch("/v1/carriers")
        if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise WrongToken(
                f"The gateway at {self.words} does not accept the token. Ask its operator for "
                "one and put it into the environment variable TOWER_TOKEN (or --token-env)."
            )
        if answer.status != HTTPStatus.OK:
            why = answer.message or f"it answered {answer.status}"
            raise GatewayUnreachable(f"No gateway at {self._url}: {why}.")
        return self._url

    def revive(self) -> bool:
        """It is not ours to start."""
        return False

    def stop(self) -> None:
        """Nothing to end."""
