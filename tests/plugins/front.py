"""What stands before a gateway on loopback and has the address that providers call."""

import httpx

from tests.gateway.running import PATIENCE_S
from tests.plugins.provider_server import Answering, Asked, ProviderServer

_PASSED_ON = ("content-type", "authorization", "x-twilio-signature", "x-hub-signature-256")


class Front:
    """Passes requests on to the gateway once its address is known."""

    def __init__(self) -> None:
        self.server = ProviderServer([self._pass_on])
        self.gateway_url = ""

    def _pass_on(self, asked: Asked) -> Answering:
        answer = httpx.request(
            asked.method,
            self.gateway_url + asked.target,
            content=asked.body,
            headers={name: asked.headers[name] for name in _PASSED_ON if name in asked.headers},
            timeout=PATIENCE_S,
        )
        return Answering(answer.status_code, answer.content, answer.headers.get("content-type", ""))
