"""What of a shift is personal: every text of the domain's records, classed, in one table.

A text field that is not named here is not written into a masked recording: the masker refuses,
and a test says so before anybody meets it.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from tower.domain import conditions as c
from tower.domain import events as e
from tower.domain import feedback as f
from tower.domain import messages as m
from tower.domain import records as r
from tower.domain import reporting as p
from tower.domain import rulebook as b
from tower.domain.state import State
from tower.replay.recording import Bookmark, RecordingInfo


class Treatment(StrEnum):
    """What becomes of a text when a recording is masked.

    Names and addresses become labels with a number, the same for the same text throughout.
    """

    KEPT = "kept"
    CUSTOMER = "Customer"
    DRIVER = "Driver"
    PERSON = "Colleague"
    CONTACT = "Contact"
    ADDRESS = "Address"
    CODE = "Code"
    POSTCODE = "postcode"
    WORDS = "words"
    HEADLINE = "headline"
    ACTOR = "actor"


_T = Treatment

CLASSES: Mapping[type, Mapping[Treatment, str]] = {
    Bookmark: {_T.WORDS: "words"},
    RecordingInfo: {_T.KEPT: "epoch name region zone"},
    State: {
        _T.KEPT: "shifts carriers silences depots pickup_points vehicles routes stops exceptions "
        "contacts notes messages replies seen thresholds playbooks policies conditions claims "
        "surveys reportings report_runs",
        _T.CONTACT: "consents",
    },
    e.Event: {_T.KEPT: "id"},
    r.Actor: {_T.KEPT: "kind", _T.ACTOR: "id name"},
    r.Subject: {_T.KEPT: "carrier_id vehicle_id route_id stop_id exception_id message_id"},
    r.Shift: {_T.KEPT: "id name date timezone region"},
    r.Carrier: {_T.KEPT: "id name adapter"},
    r.Depot: {_T.KEPT: "id name"},
    r.PickupPoint: {_T.KEPT: "id name address"},
    r.Stamp: {_T.KEPT: "event_id"},
    r.Vehicle: {_T.KEPT: "id carrier_id reference label"},
    r.RoutePlan: {
        _T.KEPT: "id name carrier_id depot_id vehicle_id",
        _T.DRIVER: "driver_id driver_name",
        _T.CONTACT: "driver_phone driver_masked_phone",
    },
    r.StopPlan: {
        _T.KEPT: "id reference language parcels collects service_level brand timezone",
        _T.CUSTOMER: "customer",
        _T.CONTACT: "phone email masked_phone",
        _T.ADDRESS: "address",
        _T.CODE: "access_code",
        _T.WORDS: "note safe_place",
        _T.POSTCODE: "postcode",
    },
    r.StopChanges: {_T.CODE: "access_code", _T.WORDS: "safe_place note", _T.ADDRESS: "address"},
    r.Proof: {_T.KEPT: "scanned", _T.WORDS: "received_by"},
    r.Progress: {_T.WORDS: "note"},
    r.Lock: {_T.WORDS: "reason", _T.PERSON: "by"},
    r.PublishedArrival: {_T.KEPT: "because"},
    r.Stop: {_T.KEPT: "id route_id parcels_on change_stamps"},
    r.Told: {_T.WORDS: "note"},
    r.Route: {_T.KEPT: "id sequence"},
    r.Finding: {_T.KEPT: "source", _T.HEADLINE: "headline", _T.WORDS: "detail"},
    r.Work: {
        _T.KEPT: "merged_into",
        _T.PERSON: "owner owner_name assigned_to assigned_name",
        _T.WORDS: "cause escalated_because",
    },
    r.ExceptionRecord: {_T.KEPT: "id"},
    r.Note: {_T.KEPT: "id exception_id", _T.PERSON: "by", _T.WORDS: "words"},
    r.Contact: {_T.KEPT: "id stop_id topic channel", _T.WORDS: "words"},
    e.StopAmended: {_T.KEPT: "reply_id", _T.WORDS: "because"},
    e.RouteSequence: {_T.KEPT: "route_id stops"},
    e.RoutesSequenced: {_T.KEPT: "unassigned parcels_on", _T.WORDS: "reason overridden"},
    e.StopsLocked: {_T.KEPT: "stops", _T.WORDS: "reason"},
    e.SequenceNoticed: {_T.WORDS: "note"},
    e.StopProgress: {_T.WORDS: "note"},
    e.ExceptionWorked: {
        _T.KEPT: "merged_into",
        _T.PERSON: "owner owner_name assigned_to assigned_name",
        _T.WORDS: "cause escalated_because",
    },
    e.ExceptionNoted: {_T.WORDS: "words"},
    e.MessageCancelled: {_T.WORDS: "why"},
    e.MessageBarred: {_T.KEPT: "template", _T.WORDS: "why"},
    e.ReplyReceived: {
        _T.KEPT: "reply_id provider provider_ref answers",
        _T.CONTACT: "address",
        _T.WORDS: "words",
    },
    e.RepliesSeen: {_T.KEPT: "replies", _T.WORDS: "deed"},
    e.ConsentSet: {_T.CONTACT: "address", _T.WORDS: "words"},
    e.CustomerContacted: {_T.KEPT: "topic channel", _T.WORDS: "words"},
    e.ArrivalsPredicted: {_T.KEPT: "model"},
    e.PredictedArrival: {_T.KEPT: "stop_id"},
    e.ArrivalPublished: {_T.KEPT: "because"},
    e.RouteMeasured: {_T.KEPT: "source"},
    e.ReturnClosed: {_T.WORDS: "words"},
    e.ClaimFiled: {_T.KEPT: "claim_id", _T.WORDS: "words"},
    e.ClaimSettled: {_T.KEPT: "claim_id", _T.WORDS: "words"},
    e.SurveyAnswered: {_T.KEPT: "survey_id", _T.WORDS: "words"},
    e.ReportProgressed: {_T.KEPT: "run_id schedule_id", _T.WORDS: "problem"},
    e.CommandRefused: {_T.KEPT: "command", _T.WORDS: "why"},
    m.Reach: {_T.CONTACT: "address"},
    m.MessagePlan: {
        _T.KEPT: "stop_id exception_id template language brand topic",
        _T.WORDS: "subject words parameters options",
    },
    m.Attempt: {_T.KEPT: "provider provider_ref", _T.CONTACT: "address", _T.WORDS: "why"},
    m.Message: {_T.KEPT: "id", _T.PERSON: "by", _T.WORDS: "cancelled"},
    m.Recognised: {_T.WORDS: "value quote"},
    m.Reply: {
        _T.KEPT: "id stop_id exception_id message_id provider provider_ref",
        _T.CONTACT: "address",
        _T.WORDS: "words",
    },
    m.Seen: {_T.PERSON: "by", _T.WORDS: "deed"},
    m.Consent: {_T.CONTACT: "address", _T.WORDS: "words"},
    b.Threshold: {_T.KEPT: "name depot_id carrier_id service_level"},
    b.PlaybookStep: {_T.KEPT: "title template"},
    b.OutreachPolicy: {_T.KEPT: "quiet_from quiet_until currency"},
    b.Brand: {_T.KEPT: "id name colour footer language", _T.CONTACT: "reply_to"},
    c.Conditions: {_T.KEPT: "id"},
    c.Disturbance: {_T.KEPT: "id words"},
    f.Claim: {_T.KEPT: "id stop_id", _T.WORDS: "words settlement"},
    f.Survey: {_T.KEPT: "id stop_id", _T.WORDS: "words"},
    p.Target: {_T.KEPT: "measure"},
    p.SavedView: {_T.KEPT: "id name by measure", _T.PERSON: "owner"},
    p.Filters: {
        _T.KEPT: "since until carriers depots routes accounts service_levels vehicles",
        _T.DRIVER: "drivers",
        _T.POSTCODE: "postcodes",
    },
    p.ReportSchedule: {_T.KEPT: "id name view_id", _T.CONTACT: "to"},
    p.ReportRun: {_T.KEPT: "id schedule_id", _T.WORDS: "problem"},
}
"""For each record its text fields by what becomes of them; a base speaks for its kinds."""

DOORS: frozenset[type] = frozenset({r.StopPlan, r.StopChanges, r.Proof})
"""Records whose `lat` and `lon` are a customer's door."""


def treatments(kind: type[msgspec.Struct]) -> dict[str, Treatment]:
    """What becomes of each text field of a record."""
    return {
        name: treatment
        for base in reversed(kind.__mro__)
        for treatment, names in CLASSES.get(base, {}).items()
        for name in names.split()
    }
