"""What is said about a search and its proposal. Knows no widgets."""

from collections.abc import Collection

from tower.routes.change import UNASSIGNED
from tower.routes.impact import Impact
from ui.proposals.scope import Scope, name_of
from ui.proposals.search import Search, SearchState
from ui.proposals.totals import change_words
from ui.session import Session

NOTHING_LEFT = ("Nothing is left to change", "The routes have this order by now.")
"""Headline and sentence where the shift has caught up with a proposal."""

_NAMED = 3


def title_of(scope: Scope) -> str:
    """What the window, and the gesture that comes of it, is called."""
    return "Breakdown" if scope.is_breakdown else "Optimise"


def progress_words(search: Search, impact: Impact | None) -> str:
    """How long it has taken, what it has found, and whether it goes on."""
    offer, found = search.offer, ""
    if impact is not None and offer is not None:
        found = _found_words(impact, len(offer.orders.get(UNASSIGNED, ())))
    spent = f"{search.elapsed_s:.1f} s"
    if search.is_ending:
        return "Stopping…"
    if search.is_running:
        doing = search.doing.rstrip(".").lower() or "searching"
        going = search.trouble or ("improving" if found else doing)
        best = f"best so far: {found}" if found else ""
        return " · ".join(filter(None, (spent, best, going)))
    if search.state is SearchState.FAILED:
        kept = "; what was found until then is shown" if found else ""
        why = search.trouble.removeprefix("The search broke off: ")
        return f"The search broke off: {_without_dot(why)}{kept}."
    if search.state is SearchState.CANCELLED:
        return f"Stopped after {spent}" + (f" · {found}" if found else "")
    if search.state is SearchState.DONE:
        return f"Done after {spent}" + (f" · {found}" if found else "")
    return ""


def _found_words(impact: Impact, left_out: int) -> str:
    change = change_words(impact.lateness_s, impact.distance_m) or "as late, as far"
    lost = f"{left_out} without a place" if left_out else ""
    words = " · ".join(filter(None, (change, lost)))
    return f"{words} (some travel times are estimates)" if impact.estimated else words


def empty_words(search: Search, scope: Scope) -> tuple[str, str]:
    """Headline and sentence where there is no proposal to show."""
    if search.state is SearchState.FAILED:
        return "No proposal", "Nothing was changed. Run it again, or go on by hand."
    if search.state is SearchState.CANCELLED:
        return "Stopped before anything better was found", "The present order stays as it is."
    if search.state is SearchState.DONE and scope.is_breakdown:
        return (
            "No other vehicle can help",
            "Take the stops off the route by hand, or call for another vehicle.",
        )
    if search.state is SearchState.DONE:
        return (
            "This is already the best order we can find",
            "With other weights there may be a better one.",
        )
    if scope.is_breakdown:
        return "Looking for vehicles that can help…", "The stops stay where they are meanwhile."
    return "Looking for a better order…", "The present order stays as it is until you commit."


def outdated_words(session: Session, routes: Collection[str]) -> str:
    """That routes changed since the search began; "" where none did."""
    if not routes:
        return ""
    names = sorted(name_of(session, route_id) for route_id in routes)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    have = "has" if len(names) == 1 else "have"
    return (
        f"{', '.join(names[:_NAMED])}{more} {have} another order since this search began. "
        "The proposal may be out of date: run it again."
    )


def unknowing_words(gestures: int) -> str:
    """That the proposal was made without the draft's own changes; "" where there are none."""
    if not gestures:
        return ""
    changes = "the change" if gestures == 1 else f"the {gestures} changes"
    return (
        f"The proposal does not know {changes} in your draft; used, it comes on top of them and "
        "sets its routes anew."
    )


def _without_dot(words: str) -> str:
    return words.rstrip(".") or "the gateway does not say why"
