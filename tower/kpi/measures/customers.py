"""Measures of the talk with customers: who asked, who was told, what they say afterwards."""

from tower.kpi.facts import FactKind
from tower.kpi.measures.definition import Better, Definition, Group

_OUTCOMES = ("stop_delivered", "stop_collected", "stop_attempted", "stop_skipped")

WISMO = Definition(
    key="wismo",
    title="WISMO contacts",
    words='Customers who asked where their order is ("where is my order").',
    formula="inbound contacts on the topic wismo",
    group=Group.CUSTOMERS,
    kind=FactKind.CONTACT,
    above="wismo",
    better=Better.LOWER,
    lineage=("customer_contacted",),
)

WISMO_PER_100 = Definition(
    key="wismo_per_100_stops",
    title="WISMO per 100 stops",
    words="Customers who asked where their order is, for every hundred stops finished.",
    formula="100 · inbound contacts on the topic wismo / stops finished",
    unit="per 100",
    group=Group.CUSTOMERS,
    kind=FactKind.CONTACT,
    above="wismo",
    below="stops",
    below_kind=FactKind.STOP,
    scale=100.0,
    decimals=1,
    better=Better.LOWER,
    target=2.0,
    tolerance=2.0,
    lineage=("customer_contacted", *_OUTCOMES),
)

CONTACTS = Definition(
    key="contacts",
    title="Contacts",
    words="Customers who reached us, on any topic.",
    formula="inbound contacts",
    group=Group.CUSTOMERS,
    kind=FactKind.CONTACT,
    above="contacts",
    better=Better.LOWER,
    lineage=("customer_contacted",),
)

MESSAGES_SENT = Definition(
    key="messages_sent",
    title="Messages sent",
    words="Messages to customers that a provider took.",
    formula="messages sent",
    group=Group.CUSTOMERS,
    kind=FactKind.MESSAGE,
    above="sent",
    better=Better.HIGHER,
    lineage=("message_queued", "message_progressed"),
)

MESSAGES_ANSWERED = Definition(
    key="messages_answered",
    title="Messages answered",
    words="Messages to customers that were answered, of those sent.",
    formula="100 · messages with a reply / messages sent",
    unit="%",
    group=Group.CUSTOMERS,
    kind=FactKind.MESSAGE,
    above="answered",
    below="sent",
    scale=100.0,
    decimals=1,
    better=Better.HIGHER,
    lineage=("message_queued", "message_progressed", "reply_received"),
)

CSAT = Definition(
    key="csat",
    title="CSAT",
    words="How satisfied customers say they were with a delivery, from 1 to 5, on average.",
    formula="Σ answers / answers",
    unit="of 5",
    group=Group.CUSTOMERS,
    kind=FactKind.SURVEY,
    above="csat_sum",
    below="csat_n",
    decimals=2,
    better=Better.HIGHER,
    target=4.5,
    tolerance=0.3,
    lineage=("survey_answered",),
)

NPS = Definition(
    key="nps",
    title="NPS",
    words=(
        "Net promoter score: of a hundred customers asked how likely they would recommend us, "
        "those who say 9 or 10 less those who say 6 or less."
    ),
    formula="100 · (promoters - detractors) / answers",
    unit="points",
    group=Group.CUSTOMERS,
    kind=FactKind.SURVEY,
    above="nps_net",
    below="nps_n",
    scale=100.0,
    better=Better.HIGHER,
    target=50.0,
    tolerance=20.0,
    lineage=("survey_answered",),
)

CUSTOMERS = (WISMO, WISMO_PER_100, CONTACTS, MESSAGES_SENT, MESSAGES_ANSWERED, CSAT, NPS)
"""In the order they are listed."""
