"""`tower record`: a recording of a shift, made from a journal."""

import argparse
from contextlib import closing
from pathlib import Path

import platformdirs

from tower.cli.replay import described
from tower.domain.fold import fold
from tower.domain.state import State
from tower.feed.clock import SystemClock
from tower.gateway.errors import DataError, NoSuchRegion
from tower.gateway.line import LineWish, RouteLine, line_wish
from tower.gateway.lines import LineShelf
from tower.gateway.options import ExitCode
from tower.gateway.recorded_lines import shape_of
from tower.gateway.recordings import Recorder, Setting, Wanted
from tower.gateway.regions import Regions, Roads
from tower.gateway.server import JOURNAL_FILE
from tower.journal.errors import JournalError
from tower.journal.reading import read_events
from tower.journal.spans import Spans
from tower.replay.errors import RecordingError
from tower.replay.file import SUFFIX, read_info, write_contents
from tower.replay.masking import masked_contents


def run(options: argparse.Namespace) -> int:
    """Make a recording and print what is in it; a gateway may be running meanwhile.

    Raises:
        DataError: the journal cannot be read, the span makes no sense, or the file cannot be
            written.
    """
    folder = options.data or platformdirs.user_data_path("tower") / "gateway"
    file = Path(options.file).expanduser()
    if file.suffix.lower() != SUFFIX:
        raise DataError(f"{file.name}: a recording's name ends in {SUFFIX}.")
    try:
        _record(options, Path(folder).expanduser() / JOURNAL_FILE, file)
        print(described(file, read_info(file)))
    except (JournalError, RecordingError) as error:
        raise DataError(str(error)) from error
    return ExitCode.OK


def _record(options: argparse.Namespace, journal: Path, file: Path) -> None:
    wanted = Wanted(since=options.since, until=options.until)
    state = fold(read_events(journal))
    with closing(Spans(journal)) as spans:
        contents = Recorder(spans).record(wanted, _setting(state, spans))
    write_contents(masked_contents(contents) if options.masked else contents, file)


def _setting(state: State, spans: Spans) -> Setting:
    shift = state.shift
    region = shift.region if shift else ""
    shelf, roads = LineShelf(Path(platformdirs.user_cache_path("tower")) / "lines"), _roads(region)

    def find(wish: LineWish) -> RouteLine | None:
        """A line a gateway on this computer has computed before."""
        return shelf.find(wish.key(roads.name)) if roads.lasts else None

    wishes = (line_wish(state, route) for route in state.routes.values())
    lines = ((wish, find(wish)) for wish in wishes if wish)
    return Setting(
        shift=shift,
        region=region,
        now=spans.last_learnt() or SystemClock().now(),
        shapes={wish.route_id: shape_of(wish.version, line) for wish, line in lines if line},
        state=state,
        find=find,
    )


def _roads(region: str) -> Roads:
    try:
        return Roads.of(Regions.at_hand().find(region)) if region else Roads()
    except NoSuchRegion:
        return Roads()
