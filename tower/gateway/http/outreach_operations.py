"""Operations about telling customers: previews, templates, accounts, and providers' requests."""

import asyncio

from starlette.responses import Response

from tower.gateway.answers import Problem
from tower.gateway.http.call import Call, HttpRefusal, json_response
from tower.gateway.http.operation import ANY_BYTES, JSON, Answered, Body, Operation, Parameter
from tower.gateway.signin import OPERATORS, READERS
from tower.gateway.telling.answers import (
    AccountReport,
    Previews,
    PreviewsWish,
    Rendering,
    TemplateReport,
)
from tower.gateway.telling.hooks import NoSuchAccount
from tower.gateway.telling.outbox import NoSuchMessage
from tower.outreach.port import Forged

_OK, _NO_CONTENT = 200, 204
_MOST_ATTEMPTS = 10_000
_MEDIA = (ANY_BYTES, "application/x-www-form-urlencoded", JSON, "message/rfc822", "text/plain")


async def _previews(call: Call) -> Response:
    return json_response(await call.gateway.outbox.previews(call.read(PreviewsWish).messages))


async def _templates(call: Call) -> Response:
    return json_response(call.gateway.outbox.template_reports())


async def _accounts(call: Call) -> Response:
    return json_response(call.gateway.outbox.account_reports())


async def _rendering(call: Call) -> Response:
    try:
        return json_response(
            call.gateway.outbox.rendering(call.text("message_id"), call.number("attempt"))
        )
    except NoSuchMessage as error:
        raise HttpRefusal(404, "not_found", str(error)) from error


async def _hook(call: Call) -> Response:
    outbox, account = call.gateway.outbox, call.text("account")
    request = call.as_sent(outbox.public_url)
    try:
        heard = await asyncio.shield(outbox.hooks.take(account, request, is_near=call.is_near))
    except NoSuchAccount as error:
        raise HttpRefusal(404, "not_found", str(error)) from error
    except Forged as error:
        raise HttpRefusal(
            403, "forged", f"This does not come from the provider: {error}"
        ) from error
    if not heard.answer:
        return Response(status_code=_NO_CONTENT)
    return Response(heard.answer, _OK, media_type=heard.media)


_ACCOUNT = Parameter(name="account", where="path", about="The account's name.", required=True)
_REST = Parameter(name="rest", where="path", about="What the plugin asks for.", required=True)


def _hook_operation(method: str, *, has_rest: bool) -> Operation:
    """A provider speaks: by either method, at the account's own address or one below it."""
    name = f"channel_{'callback' if method == 'POST' else 'check'}{'_below' if has_rest else ''}"
    return Operation(
        method=method,
        path=f"/v1/channels/{{account}}/hook{'/{rest}' if has_rest else ''}",
        name=name,
        about="For providers: receipts and replies. No token; the plugin checks who speaks.",
        handle=_hook,
        parameters=(_ACCOUNT, _REST) if has_rest else (_ACCOUNT,),
        body=Body(about="As the provider sends it.", media=_MEDIA) if method == "POST" else None,
        answers={
            200: Answered(about="Taken in; what the provider wants to read.", media="*/*"),
            204: Answered(about="Taken in, or kept as not understood.", media=""),
            403: Answered(about="It does not come from the provider.", kind=Problem),
            404: Answered(about="No such account.", kind=Problem),
        },
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="POST",
        path="/v1/outreach/previews",
        name="previews",
        about="Messages as they would be sent now, whether they may be, and what they cost.",
        handle=_previews,
        roles=OPERATORS,
        body=Body(about="What to say to whom.", kind=PreviewsWish),
        answers={200: Answered(about="The messages.", kind=Previews)},
    ),
    Operation(
        method="GET",
        path="/v1/outreach/templates",
        name="templates",
        about="Every message template.",
        handle=_templates,
        roles=READERS,
        answers={200: Answered(about="The templates.", kind=list[TemplateReport])},
    ),
    Operation(
        method="GET",
        path="/v1/outreach/accounts",
        name="accounts",
        about="The accounts with providers that carry messages, and how they are.",
        handle=_accounts,
        roles=READERS,
        answers={200: Answered(about="The accounts.", kind=list[AccountReport])},
    ),
    Operation(
        method="GET",
        path="/v1/messages/{message_id}/rendering",
        name="rendering",
        about="Exactly what a provider is given for an attempt to send a message.",
        handle=_rendering,
        roles=READERS,
        parameters=(
            Parameter(name="message_id", where="path", about="Which message.", required=True),
            Parameter(
                name="attempt",
                where="query",
                about="Number of the attempt; the newest without it.",
                kind=int,
                minimum=1,
                maximum=_MOST_ATTEMPTS,
            ),
        ),
        answers={
            200: Answered(about="The message as it is sent.", kind=Rendering),
            404: Answered(about="No such message or attempt.", kind=Problem),
        },
    ),
    *(
        _hook_operation(method, has_rest=has_rest)
        for method in ("GET", "POST")
        for has_rest in (False, True)
    ),
)
