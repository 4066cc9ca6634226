"""What a selection leads to: its route, its vehicle, its words. Knows no widgets."""

from ui.exchange import Selection
from ui.filter import route_of
from ui.session import Session


def route_id_of(session: Session, selection: Selection) -> str:
    """The route a selected thing belongs to; "" for none."""
    state, (kind, id_) = session.state, selection
    if kind == "route":
        return id_
    if kind == "vehicle":
        return session.links.route_of_vehicle.get(id_, "")
    record = state.stops.get(id_) if kind == "stop" else state.exceptions.get(id_)
    route = route_of(record, state, session.links) if record is not None else None
    return route.id if route else ""


def vehicle_id_of(session: Session, selection: Selection) -> str:
    """The vehicle a selected thing is served by; "" for none."""
    if selection.kind == "vehicle":
        return selection.id
    if selection.kind == "exception":
        record = session.state.exceptions.get(selection.id)
        if record and record.finding and record.finding.subject.vehicle_id:
            return record.finding.subject.vehicle_id
    route = session.state.routes.get(route_id_of(session, selection))
    return route.plan.vehicle_id if route and route.plan else ""


def stop_id_of(session: Session, selection: Selection) -> str:
    """The stop a selected thing is, or is about; "" for none."""
    if selection.kind == "stop":
        return selection.id
    record = session.state.exceptions.get(selection.id) if selection.kind == "exception" else None
    return record.finding.subject.stop_id if record and record.finding else ""


def place_of(session: Session, selection: Selection) -> Selection:
    """What the map shows of a selection: of an exception that is over, where it was."""
    record = session.state.exceptions.get(selection.id) if selection.kind == "exception" else None
    if record is None or record.is_open or record.finding is None:
        return selection
    subject = record.finding.subject
    if subject.stop_id:
        return Selection("stop", subject.stop_id)
    return Selection("vehicle", subject.vehicle_id) if subject.vehicle_id else selection


def words_of(session: Session, selection: Selection) -> str:
    """A selected thing in a line, as people would say it; "" for nothing."""
    state, (kind, id_) = session.state, selection
    if kind == "route" and (route := state.routes.get(id_)) and route.plan:
        name = route.plan.name
        called = name if name.casefold().startswith("route") else f"Route {name}"
        return " · ".join(word for word in (called, route.plan.driver_name) if word)
    if kind == "vehicle" and (vehicle := state.vehicles.get(id_)):
        return f"Vehicle {vehicle.value.label}"
    if kind == "exception" and (record := state.exceptions.get(id_)) and record.finding:
        return f"{record.finding.headline} · {record.finding.detail}"
    if kind == "stop" and (stop := state.stops.get(id_)) and stop.plan:
        number = session.links.number_of_stop.get(id_)
        place = f"Stop {number}" if number else "Stop"
        words = (place, stop.plan.customer, stop.plan.address, stop.plan.reference)
        return " · ".join(word for word in words if word)
    if kind == "depot" and (depot := state.depots.get(id_)):
        return f"Depot {depot.value.name}"
    return ""
