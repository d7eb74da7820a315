"""The file of what people do: opened, checked, written by several processes at once, kept aside when damaged."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import Damaged, EngineError
from engine.marks.table import into_verdicts, replay
from engine.store import FORMAT, Store, alone

BUSY_SECONDS = 30.0
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE mark (kind TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (kind, name, key)) WITHOUT ROWID;
CREATE INDEX mark_of_key ON mark (key);
CREATE TABLE colour (tag TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, lane TEXT NOT NULL, verb TEXT NOT NULL, of INTEGER,
    at TEXT NOT NULL, who TEXT NOT NULL, words TEXT NOT NULL, payload BLOB NOT NULL);
CREATE INDEX log_of_lane ON log (lane, id);
CREATE TRIGGER log_keeps BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
CREATE TRIGGER log_stays BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
"""
_KEPT = ("log", "mark", "colour")


@contextmanager
def reading(store: Store) -> Iterator[sqlite3.Connection]:
    """A connection that sees one moment of the marks."""
    with _open(store) as con:
        con.execute("BEGIN")
        yield con
        con.execute("ROLLBACK")


@contextmanager
def changing(store: Store) -> Iterator[sqlite3.Connection]:
    """A connection that writes: everything inside happens, or nothing; others wait for their turn."""
    with _open(store) as con:
        con.execute("BEGIN IMMEDIATE")
        try:
            yield con
        except BaseException:
            if con.in_transaction:
                con.execute("ROLLBACK")
            raise
        con.execute("COMMIT")


@contextmanager
def _open(store: Store) -> Iterator[sqlite3.Connection]:
    path = store.marks_file
    con: sqlite3.Connection | None = None
    try:
        store.check_there()
        con = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        _prepare(con, path)
        yield con
    except sqlite3.DatabaseError as error:
        if con is not None:
            con.close()
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise Damaged(_set_aside(path)) from error
        raise _in_words(error, code, path) from error
    finally:
        if con is not None:
            con.close()


def _in_words(error: sqlite3.DatabaseError, code: int, path: Path) -> Exception:
    """What went wrong on the way to the disk; anything else is a bug and stays as it is."""
    said = {
        sqlite3.SQLITE_BUSY: f"Somebody else has been writing marks for {BUSY_SECONDS:g} seconds. Try again.",
        sqlite3.SQLITE_FULL: f"The disk is full: {path} could not be written. Free some space and do it again.",
        sqlite3.SQLITE_READONLY: f"No permission to write {path}. Change its permissions and do it again.",
        sqlite3.SQLITE_CANTOPEN: f"{path} cannot be opened. Change the permissions of its folder and do it again.",
        sqlite3.SQLITE_IOERR: f"The disk failed while {path} was read or written. Nothing was changed; try again.",
    }.get(code)
    return EngineError(said) if said else error


def _prepare(con: sqlite3.Connection, path: Path) -> None:
    """Settings for several writers, and the tables, made once."""
    con.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    con.execute("PRAGMA journal_mode = WAL")
    con.execute("PRAGMA synchronous = FULL")
    if not con.execute("SELECT 1 FROM sqlite_master WHERE name = 'about'").fetchone():
        con.execute("BEGIN IMMEDIATE")
        # Another process may have made them while this one waited.
        if not con.execute("SELECT 1 FROM sqlite_master WHERE name = 'about'").fetchone():
            for statement in _statements():
                con.execute(statement)
            con.execute("INSERT INTO about VALUES ('format', ?)", [str(FORMAT)])
        con.execute("COMMIT")
    (found,) = con.execute("SELECT value FROM about WHERE name = 'format'").fetchone()
    if found != str(FORMAT):
        raise EngineError(
            f"The marks at {path} have format {found}; this version of Winnow reads format {FORMAT}. "
            "Open them with the version that wrote them."
        )
    into_verdicts(con)


def _statements() -> list[str]:
    whole, part = [], ""
    for line in _TABLES.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            whole.append(part)
            part = ""
    return whole


def _set_aside(path: Path) -> str:
    """Rename a damaged file away with its log, carry over what can still be read, and say so."""
    with alone(path.with_name(f".{path.name}.lock")):
        if _is_whole(path):  # another process was first
            return "The file of marks and recipes was damaged and has just been replaced. Look it over, then go on."
        return _replace(path)


def _is_whole(path: Path) -> bool:
    con = sqlite3.connect(path)
    try:
        return bool(con.execute("PRAGMA quick_check").fetchall() == [("ok",)])
    except sqlite3.DatabaseError:
        return False
    finally:
        con.close()


def _replace(path: Path) -> str:
    aside = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}")
    for suffix in ("-wal", "-shm", ""):
        there = path.with_name(path.name + suffix)
        if there.exists():
            there.rename(aside.with_name(aside.name + suffix))
    fresh = path.with_name(f".{aside.name}.fresh")
    con = sqlite3.connect(fresh, isolation_level=None)
    _prepare(con, path)
    saved = _carry_over(aside, con)
    con.execute("PRAGMA journal_mode = DELETE")
    con.close()
    if path.exists():
        fresh.unlink()
    else:
        fresh.rename(path)
    return (
        f"The file of marks and recipes was damaged. It is kept as {aside.name}; {saved['mark']:,} marks and "
        f"{saved['log']:,} lines of history could be read from it and are in the new file. Look it over, then go on."
    )


def _carry_over(aside: Path, con: sqlite3.Connection) -> dict[str, int]:
    """Copy row after row until the damage; marks that cannot be read are made again from a history that can."""
    saved = dict.fromkeys(_KEPT, 0)
    unread = set()
    old = sqlite3.connect(f"file:{aside}?mode=ro", uri=True)
    con.execute("BEGIN")
    for table in _KEPT:
        try:
            for row in old.execute(f"SELECT * FROM {table}"):
                con.execute(f"INSERT OR IGNORE INTO {table} VALUES ({','.join('?' * len(row))})", row)
                saved[table] += 1
        except sqlite3.DatabaseError:
            unread.add(table)
    if "mark" in unread and "log" not in unread:
        saved["mark"] = replay(con)
    con.execute("COMMIT")
    old.close()
    return saved
