"""Postcodes of the demo's stops: the map tells few, their villages tell the rest.

Liechtenstein has one postcode a locality, as its post office publishes them; Rotenboden belongs to
Triesenberg, Oberplanken to Planken, Steg and Malbun have that of Triesenberg.
"""

from tower.demo.plan import DemoStop

_POSTCODES = {
    "Balzers": "9496",
    "Bendern": "9487",
    "Eschen": "9492",
    "Gamprin-Bendern": "9487",
    "Malbun": "9497",
    "Mauren": "9493",
    "Nendeln": "9485",
    "Oberplanken": "9498",
    "Planken": "9498",
    "Rotenboden": "9497",
    "Ruggell": "9491",
    "Schaan": "9494",
    "Schaanwald": "9486",
    "Schellenberg": "9488",
    "Steg": "9497",
    "Triesen": "9495",
    "Triesenberg": "9497",
    "Vaduz": "9490",
}


def postcode_of(stop: DemoStop) -> str:
    """The postcode of a stop's address, "" where its place has none."""
    place = stop.address.rsplit(", ", 1)[-1]
    return stop.postcode or _POSTCODES.get(place, "")
