"""Every decoder there is to fuzz, by name."""

from tests.fuzz import carriers, feed, files, hooks
from tests.fuzz.decoder import Decoder

DECODERS: dict[str, Decoder] = {
    one.name: one for one in (*carriers.DECODERS, *feed.DECODERS, *hooks.DECODERS, *files.DECODERS)
}
