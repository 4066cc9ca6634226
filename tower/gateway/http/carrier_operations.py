"""Operations of carriers and planning systems: messages, manifests, and what became of them."""

import asyncio

from starlette.responses import Response

from tower.carriers.manifest import LARGEST_MANIFEST
from tower.domain.moments import utc
from tower.feed.messages import CarrierHealth
from tower.gateway.answers import (
    CarrierReport,
    ManifestReceipt,
    Problem,
    Receipt,
    RefusedMessage,
)
from tower.gateway.http.call import Call, HttpRefusal, json_response, refused_for_now
from tower.gateway.http.operation import (
    ANY_BYTES,
    BODY_LIMIT,
    JSON,
    Answered,
    Body,
    Operation,
    Parameter,
)
from tower.gateway.lanes import LaneFull
from tower.gateway.signin import OPERATORS, READERS, SENDERS

_CARRIER_HEADER = "X-Tower-Carrier"
_PAGE = 500


async def _ingest(call: Call) -> Response:
    grant, named = call.grant, call.text(_CARRIER_HEADER)
    if grant.carrier_id and named not in ("", grant.carrier_id):
        message = f"This token speaks for carrier {grant.carrier_id}, not for {named}."
        raise HttpRefusal(403, "not_allowed", message)
    carrier_id = grant.carrier_id or named
    if not carrier_id:
        raise HttpRefusal(422, "missing", f"Name the carrier in the header {_CARRIER_HEADER}.")
    try:
        receipt = await call.gateway.inlet.intake(
            carrier_id, call.text("adapter"), call.body, call.content_type, wait=False
        )
    except LaneFull as error:
        refusal, wait_s = refused_for_now(error), error.retry_after_s
    else:
        return json_response(receipt, 202)
    # Who sends again at once, as floods do, waits here, and the others have the gateway's time.
    call.body = b""
    await asyncio.sleep(wait_s)
    raise refusal


async def _manifest(call: Call) -> Response:
    suffix = ".json" if call.content_type == JSON else ".csv"
    name = call.text("name") or f"manifest{suffix}"
    receipt = await call.gateway.imports.take_in(call.body, name, call.grant.actor)
    return json_response(receipt)


async def _refused(call: Call) -> Response:
    after, limit = call.number("after") or 0, call.number("limit") or _PAGE
    log = call.gateway.journal.refused
    kept = await asyncio.to_thread(log.read, call.text("carrier"), after, limit)
    return json_response(
        [
            RefusedMessage(
                id=one.id,
                carrier_id=one.carrier_id,
                adapter=one.adapter,
                at=one.at,
                reason=one.reason,
                excerpt=one.excerpt.decode("utf-8", "replace"),
            )
            for one in kept
        ]
    )


async def _carriers(call: Call) -> Response:
    return json_response([_report(call, health) for health in call.gateway.health()])


def _report(call: Call, health: CarrierHealth) -> CarrierReport:
    carrier = call.gateway.state.carriers[health.carrier_id].value
    return CarrierReport(
        id=carrier.id,
        name=carrier.name,
        kind=carrier.kind,
        adapter=carrier.adapter,
        last_heard=None if health.last_heard is None else utc(health.last_heard),
        lag_s=health.lag_s,
        messages_per_s=health.messages_per_s,
        refused=health.refused,
        silent=health.silent,
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="POST",
        path="/v1/ingest/{adapter}",
        name="ingest",
        about="Hand in a message in a carrier's own format.",
        handle=_ingest,
        roles=SENDERS,
        parameters=(
            Parameter(name="adapter", where="path", about="The format.", required=True),
            Parameter(
                name=_CARRIER_HEADER,
                where="header",
                about="Whose message it is; a carrier's own token says so by itself.",
            ),
        ),
        body=Body(about="The message, as the format has it.", media=(JSON, ANY_BYTES)),
        answers={
            202: Answered(about="Taken in; what it held is in the journal.", kind=Receipt),
            404: Answered(about="No such adapter.", kind=Problem),
            429: Answered(about="Too many messages of this carrier wait.", kind=Problem),
        },
    ),
    Operation(
        method="POST",
        path="/v1/manifest",
        name="import_manifest",
        about="Hand in routes and stops; the same file again changes nothing.",
        handle=_manifest,
        roles=OPERATORS,
        parameters=(Parameter(name="name", where="query", about="The file's name."),),
        body=Body(
            about=f"The manifest, CSV or JSON, at most {LARGEST_MANIFEST // BODY_LIMIT} MiB.",
            media=("text/csv", JSON, ANY_BYTES),
            limit=LARGEST_MANIFEST,
        ),
        answers={200: Answered(about="What became of it.", kind=ManifestReceipt)},
    ),
    Operation(
        method="GET",
        path="/v1/refused",
        name="refused",
        about="Messages that were not believed, with the reason, oldest first.",
        handle=_refused,
        roles=READERS,
        parameters=(
            Parameter(name="carrier", where="query", about="Of this carrier only."),
            Parameter(
                name="after", where="query", about="Read on from this id.", kind=int, minimum=0
            ),
            Parameter(
                name="limit",
                where="query",
                about="At most so many.",
                kind=int,
                minimum=1,
                maximum=1000,
            ),
        ),
        answers={200: Answered(about="The messages.", kind=list[RefusedMessage])},
    ),
    Operation(
        method="GET",
        path="/v1/carriers",
        name="carriers",
        about="The carriers, and how each is heard.",
        handle=_carriers,
        roles=READERS,
        answers={200: Answered(about="The carriers.", kind=list[CarrierReport])},
    ),
)
