"""The manual of the measures, written from their definitions: `python -m tower.kpi.manual`."""

from collections.abc import Iterator
from pathlib import Path

from tower.domain.words import VehicleKind
from tower.kpi.factors import COMES_AS, FACTORS, KG_CO2E_PER_KM
from tower.kpi.measures.catalogue import DEFINITIONS_VERSION, MEASURES
from tower.kpi.measures.definition import Better, Definition, Group
from tower.routes.energy import PER_KM

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "measures.md"
"""The manual in the documentation."""

_HEAD = """\
# Measures

Every figure of the performance window and of reports, with what counts and what it is made of.
This page is written from the definitions by `python -m tower.kpi.manual`; this is version
{version} of them. Answers and reports name the version they were made by.

Figures are made of facts, and facts of the journal. A fact says what was so when it happened:
the promised window, the driver, the carrier as they were known then. What is edited later does
not move it; a message that arrives late completes it. What a figure is made of can be asked for:
every number opens the facts behind it, and a stop opens its whole history.

Days are those of the shift: what happens after midnight counts for the shift it belongs to. Hours
are local. Targets are Tower's own until supervisors set others.
"""

_TITLES = {
    Group.SERVICE: "Service",
    Group.ARRIVALS: "Predicted arrivals",
    Group.DRIVING: "On the road",
    Group.CUSTOMERS: "Customers",
    Group.EXCEPTIONS: "Exceptions",
    Group.AFTERWARDS: "Afterwards",
    Group.DATA: "Data of the carriers",
}

_WAYS = {
    Better.HIGHER: "at least {target}",
    Better.LOWER: "at most {target}",
    Better.NEAR: "{target}, give or take {tolerance}",
}

_FACTORS_HEAD = """
## Energy and greenhouse gas

By the method of ISO 14083:2023, on which the GLEC Framework v3 rests: energy used times what its
use emits (tank to wheel) and what its provision emits (well to tank). What a vehicle used is taken
as measured where a carrier tells; else from its kilometres.

| vehicle | takes | a kilometre takes | well to wheel |
|---|---|---|---|
{vehicles}

| energy | tank to wheel | well to tank | well to wheel | holds |
|---|---|---|---|---|
{factors}

Sources: UK Government GHG Conversion Factors for Company Reporting 2024, v1.1 (emissions of mineral
diesel and petrol, of the UK grid with its losses, and of their provision; consumption of average
vans and cars); Directive (EU) 2018/2001, annex III (energy in a litre). Assumptions, to be
replaced by a fleet's own figures: fuel without biofuel, the UK grid wherever a vehicle is charged,
the consumption of trucks, buses and electric vehicles.
"""


def manual() -> str:
    """The manual as Markdown."""
    head = _HEAD.format(version=DEFINITIONS_VERSION)
    return head + "".join(_group(group) for group in Group) + _energy()


def _group(group: Group) -> str:
    sections = (_section(one) for one in MEASURES.values() if one.group is group)
    return f"\n## {_TITLES[group]}\n" + "".join(sections)


def _section(one: Definition) -> str:
    rows = "\n".join(f"| {name} | {value} |" for name, value in _rows(one))
    return f"\n### {one.title}\n\n{one.words}\n\n| `{one.key}` | |\n|---|---|\n{rows}\n"


def _rows(one: Definition) -> Iterator[tuple[str, str]]:
    yield "formula", one.formula + (f", in {one.unit}" if one.unit else "")
    if one.target is not None:
        way = _WAYS[one.better]
        target, tolerance = _amount(one, one.target), _amount(one, one.tolerance)
        yield "target", way.format(target=target, tolerance=tolerance)
    yield "made of", ", ".join(f"`{tag}`" for tag in one.lineage)


def _amount(one: Definition, value: float) -> str:
    return f"{value:g} {one.unit}".strip()


def _energy() -> str:
    vehicles = "\n".join(map(_vehicle, VehicleKind))
    factors = "\n".join(
        f"| {carrier} | {factor.tank_to_wheel_kg:.3f} kg | {factor.well_to_tank_kg:.3f} kg "
        f"| {factor.well_to_wheel_kg:.3f} kg | {factor.kwh:.2f} kWh |"
        for carrier, factor in FACTORS.items()
    )
    return _FACTORS_HEAD.format(vehicles=vehicles, factors=factors)


def _vehicle(kind: VehicleKind) -> str:
    each, grams = PER_KM[kind], 1_000.0 * KG_CO2E_PER_KM[kind]
    name = kind.replace("_", " ")
    return f"| {name} | {COMES_AS[kind]} | {each.amount:g} {each.unit} | {grams:.0f} g/km |"


if __name__ == "__main__":
    MANUAL.write_text(manual(), "utf-8")
