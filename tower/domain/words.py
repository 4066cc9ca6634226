"""The words Tower shares with the field, as closed vocabularies."""

from enum import StrEnum

_AT_THE_DOOR = frozenset({"arrived", "servicing"})
_SUCCESSES = frozenset({"delivered", "collected"})
_TRIED_AGAIN = frozenset({"attempted", "skipped"})
_OUTCOMES = _SUCCESSES | _TRIED_AGAIN | {"cancelled"}


class StopState(StrEnum):
    """How far a stop has come.

    Attributes:
        is_outcome: the vehicle has nothing left to do at the stop.
        is_at_the_door: the vehicle stands there.
        may_be_tried_again: an outcome after which the same vehicle may come back.
        is_success: the customer got, or handed over, what was promised.
    """

    PLANNED = "planned"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    SERVICING = "servicing"
    DELIVERED = "delivered"
    ATTEMPTED = "attempted"
    COLLECTED = "collected"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"

    def __init__(self, word: str) -> None:
        """Settle what is asked of every stop, thousands of times."""
        self.is_outcome = word in _OUTCOMES
        self.is_at_the_door = word in _AT_THE_DOOR
        self.may_be_tried_again = word in _TRIED_AGAIN
        self.is_success = word in _SUCCESSES


class AttemptReason(StrEnum):
    """Why a stop was attempted and not completed."""

    NOT_HOME = "not_home"
    NO_ACCESS = "no_access"
    ADDRESS_NOT_FOUND = "address_not_found"
    REFUSED = "refused"
    DAMAGED = "damaged"
    WINDOW_MISSED = "window_missed"
    NO_SAFE_PLACE = "no_safe_place"
    CLOSED = "closed"
    WRONG_ITEM = "wrong_item"
    OTHER = "other"


class StopKind(StrEnum):
    """What is to be done at a stop.

    A return is collected from a customer and brought back; a pickup collects parcels that are
    delivered later on the same route; at a charge stop the vehicle charges.
    """

    DELIVERY = "delivery"
    RETURN = "return"
    PICKUP = "pickup"
    CHARGE = "charge"

    @property
    def is_customer(self) -> bool:
        """True where somebody waits for us."""
        return self in (StopKind.DELIVERY, StopKind.RETURN)


class Requirement(StrEnum):
    """What a stop may ask of the vehicle, its equipment or its crew."""

    TAIL_LIFT = "tail_lift"
    AGE_CHECK = "age_check"
    TWO_PEOPLE = "two_people"
    REFRIGERATION = "refrigeration"


class Notice(StrEnum):
    """How far a new sequence has come with the driver."""

    SENT = "sent"
    SEEN = "seen"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class VehicleKind(StrEnum):
    """What drives; decides the icon, the travel profile and the emission factor."""

    VAN = "van"
    E_VAN = "e_van"
    TRUCK = "truck"
    CAR = "car"
    CARGO_BIKE = "cargo_bike"
    BUS = "bus"


class CarrierKind(StrEnum):
    """What a carrier is to the shipper."""

    OWN_FLEET = "own_fleet"
    THIRD_PARTY = "third_party"
    REGIONAL = "regional"
    GIG = "gig"


class ExceptionKind(StrEnum):
    """What went wrong, or is about to."""

    LATE_RISK = "late_risk"
    LATE = "late"
    NO_ACCESS = "no_access"
    NO_SIGNAL = "no_signal"
    OFF_ROUTE = "off_route"
    LONG_DWELL = "long_dwell"
    ADDRESS = "address"
    TEMPERATURE = "temperature"
    POD_MISMATCH = "pod_mismatch"
    FAILED_ATTEMPT = "failed_attempt"
    RETURN_MISSED = "return_missed"
    CUSTOMER_REQUEST = "customer_request"
    WISMO = "wismo"
    VEHICLE = "vehicle"
    CARRIER_SILENT = "carrier_silent"


class Severity(StrEnum):
    """How much an exception hurts if nobody acts."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the gravest, 3 for the least."""
        return _SEVERITY_ORDER.index(self)


_SEVERITY_ORDER = tuple(Severity)


class ExceptionState(StrEnum):
    """Where an exception stands in the work of the room."""

    OPEN = "open"
    CLAIMED = "claimed"
    SNOOZED = "snoozed"
    ESCALATED = "escalated"
    RESOLVED = "resolved"


class Disposition(StrEnum):
    """How an exception was judged when it was resolved."""

    DONE = "done"
    FALSE_ALARM = "false_alarm"
    DUPLICATE = "duplicate"


class Awaited(StrEnum):
    """What ends a snooze, besides its time."""

    REPLY = "reply"
    ARRIVAL = "arrival"
    OUTCOME = "outcome"


class StepAction(StrEnum):
    """What a step of a playbook does; a `message` step names its template."""

    MESSAGE = "message"
    SERVE_EARLIER = "serve_earlier"
    CALL_DRIVER = "call_driver"
    CALL_CUSTOMER = "call_customer"
    PICKUP_POINT = "pickup_point"
    RETURN_TO_DEPOT = "return_to_depot"
    SAFE_PLACE = "safe_place"
    BULK_MESSAGE = "bulk_message"
    SPREAD_STOPS = "spread_stops"


class Channel(StrEnum):
    """How a message reaches a customer."""

    SMS = "sms"
    EMAIL = "email"
    WHATSAPP = "whatsapp"
    VOICE = "voice"


class MessageState(StrEnum):
    """How far one attempt to send a message has come.

    `unknown`: the provider was asked and nobody knows whether it took it. `not_sent`: kept in the
    local outbox, which sends nothing.
    """

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"
    CANCELLED = "cancelled"

    @property
    def rank(self) -> int:
        """Later news about one attempt has the greater rank, whatever order it arrives in."""
        return _MESSAGE_STATE_ORDER.index(self)

    @property
    def is_pending(self) -> bool:
        """True while it is still to be sent, or being sent."""
        return self in (MessageState.QUEUED, MessageState.SENDING)

    @property
    def has_left(self) -> bool:
        """True once the provider has it."""
        return self in (MessageState.SENT, MessageState.DELIVERED, MessageState.READ)


_MESSAGE_STATE_ORDER = tuple(MessageState)


class Intent(StrEnum):
    """What a customer's reply asks for, as far as it is plain."""

    GATE_CODE = "gate_code"
    WAIT = "wait"
    RESCHEDULE = "reschedule"
    SAFE_PLACE = "safe_place"
    PICKUP_POINT = "pickup_point"
    WHERE = "where"
    STOP = "stop"
    START = "start"


class Building(StrEnum):
    """What sort of building a stop is at; decides, with its floor, how long a door takes."""

    HOUSE = "house"
    FLATS = "flats"
    OFFICE = "office"
    SHOP = "shop"
    INDUSTRIAL = "industrial"
    OTHER = "other"


class ClaimKind(StrEnum):
    """What a claim says went wrong; `not_received` disputes a delivery we have on record."""

    DAMAGED = "damaged"
    MISSING = "missing"
    LATE = "late"
    WRONG_ITEM = "wrong_item"
    NOT_RECEIVED = "not_received"
    OTHER = "other"


class ClaimOutcome(StrEnum):
    """How a claim was decided."""

    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Punctuality(StrEnum):
    """How a route, a stop or a vehicle stands against what was promised."""

    ON_TIME = "on_time"
    AT_RISK = "at_risk"
    LATE = "late"
    DONE = "done"
    NO_SIGNAL = "no_signal"
    IDLE = "idle"

    @property
    def code(self) -> int:
        """The number this word has in the columns of the vehicle feed."""
        return _PUNCTUALITY_CODES[self]

    @classmethod
    def of_code(cls, code: int) -> "Punctuality":
        """The word for a number in the vehicle feed; unknown numbers are idle."""
        return _PUNCTUALITY[code] if 0 <= code < len(_PUNCTUALITY) else cls.IDLE


_PUNCTUALITY = tuple(Punctuality)
_PUNCTUALITY_CODES = {word: code for code, word in enumerate(_PUNCTUALITY)}
