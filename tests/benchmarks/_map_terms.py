"""What the processes of the map benchmark have to agree on.

It loads next to nothing: what the window's process has in memory is measured.
"""

import msgspec

REGION = "liechtenstein"
CARRIER = "own"
TOKEN_VARIABLE = "TOWER_FEEDER_TOKEN"


class Sent(msgspec.Struct):
    """What was sent so far.

    Attributes:
        fixes: positions; stops: deliveries.
        late_s: the longest a portion went out after its time.
        answer_s: the longest the gateway took to answer one.
        running_s: seconds since it began.
        failed: messages the gateway did not take.
    """

    fixes: int = 0
    stops: int = 0
    late_s: float = 0.0
    answer_s: float = 0.0
    running_s: float = 0.0
    failed: int = 0
