"""What a channel may do with any request whatever: hear it, or say why not."""

from tower.outreach.port import Channel, Forged, Heard, Request, Unreadable


def hears_or_says_why(channel: Channel, request: Request) -> Heard | None:
    """What the channel heard; None where it told that it is forged or unreadable."""
    try:
        heard = channel.hear(request)
    except (Forged, Unreadable) as told:
        _believable_words(str(told))
        return None
    _believable(heard)
    return heard


def _believable(heard: Heard) -> None:
    for receipt in heard.receipts:
        assert receipt.key or receipt.ref
        assert receipt.at is None or receipt.at.tzinfo is not None
        assert receipt.state.has_left or receipt.state == "failed"
    for incoming in heard.incoming:
        assert incoming.ref
        assert incoming.sender
        assert incoming.at is None or incoming.at.tzinfo is not None
    assert all(refusal for refusal in heard.refusals)


def _believable_words(words: str) -> None:
    assert words
    assert len(words) < 1000
