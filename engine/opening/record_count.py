"""The law of every open: the records counted in a file are its rows and its rejected ones, or nothing is opened."""

from engine.dataset import SourceFile
from engine.errors import EngineError
from engine.opening.destination import size_of
from engine.opening.sources import SOURCES
from engine.opening.sources._input import Input, Report
from engine.progress import Progress


def settle(i: Input, file: SourceFile, report: Report, rows: int, rejected: int, progress: Progress) -> None:
    """Count the records of a file apart from its reader; what a reader gave up is set aside with as many as are left.

    rows: taken in, before any sample is drawn. rejected: records set aside so far. Raises `EngineError` where a record
    is neither or is both, and where the file has changed since its digest was taken.
    """
    if size_of(i) != file.bytes:
        raise EngineError(f"{i.name} has changed while it was read. Open it again once it is written.")
    try:
        left = _records(i, file, report, progress) - rows - rejected
    except EngineError:
        if not report.rest:
            raise
        left = 0  # what cannot be read cannot be counted either: the whole file is one entry
    if report.rest and left >= 0:
        report.reject(report.rest.line, report.rest.raw, report.rest.reason, max(1, left))
    elif left:
        raise EngineError(
            f"{i.name} holds {rows + rejected + left:,} records, but {rows:,} rows and {rejected:,} rejected ones were "
            "read, so nothing was opened. If it was taken for something else, name its format, quote, delimiter or "
            "encoding. If it was not, this is a fault of Winnow: please report it with the lines where it is."
        )


def _records(i: Input, file: SourceFile, report: Report, progress: Progress) -> int:
    """How many records the file holds, found without its reader."""
    count = SOURCES[i.format].about.count
    assert count is not None
    done = 0

    def tick(bytes_: int) -> None:
        nonlocal done
        done += bytes_
        progress("Counting", min(done, file.bytes), file.bytes)

    return int(count(i, report.facts, tick))
