"""What settings are called on the screen."""

from tower.domain.words import Channel, ExceptionKind, StepAction
from ui.exceptions.rows import kind_words
from ui.outreach.phrases import CHANNEL_WORDS, capital

ACTION_WORDS = {
    StepAction.MESSAGE: "send a message",
    StepAction.BULK_MESSAGE: "message everybody affected",
    StepAction.SERVE_EARLIER: "serve the stop earlier",
    StepAction.CALL_DRIVER: "call the driver",
    StepAction.CALL_CUSTOMER: "call the customer",
    StepAction.PICKUP_POINT: "bring it to a pick-up point",
    StepAction.RETURN_TO_DEPOT: "bring it back to the depot",
    StepAction.SAFE_PLACE: "leave it in a safe place",
    StepAction.SPREAD_STOPS: "spread stops over others",
}
"""What a step of a playbook does, in words."""


def channel_title(channel: Channel) -> str:
    """A channel as a label: `E-mail`."""
    return capital(CHANNEL_WORDS[channel])


def kind_title(kind: ExceptionKind) -> str:
    """A kind of exception as a title: `Late risk`."""
    return capital(kind_words(kind))
