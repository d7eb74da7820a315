"""The process that evaluates SQL expressions: it can be killed, and what it may use of memory is bounded."""

import atexit
import io
import json
import resource
import sys
import threading
from functools import lru_cache
from subprocess import PIPE, Popen
from typing import IO, TYPE_CHECKING, Literal, cast

import pyarrow as pa

if TYPE_CHECKING:
    import duckdb

MEMORY = "1GB"
ADDRESS_SPACE = 6 << 30
Failure = Literal["late", "memory", "said"]


class Failed(Exception):
    """Why there is no answer: late (the limit of time), memory, or what DuckDB said."""

    def __init__(self, kind: Failure, said: str = "") -> None:
        super().__init__(said)
        self.kind = kind


class Worker:
    """A process that holds DuckDB open, one expression at a time; started again after it was killed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: Popen[bytes] | None = None

    def ask(self, query: str, table: pa.Table, seconds: float) -> pa.ChunkedArray:
        """The first column of a query over `rows`, the table. Raises `Failed`; a late process is killed."""
        with self._lock:
            process = self._running()
            stopped = threading.Event()

            def stop() -> None:
                stopped.set()
                process.kill()

            late = threading.Timer(seconds, stop)
            late.start()
            try:
                _send(cast(IO[bytes], process.stdin), {"query": query}, table)
                answer, found = _receive(cast(IO[bytes], process.stdout))
            except (BrokenPipeError, EOFError):
                self.close()
                raise Failed("late" if stopped.is_set() else "memory") from None
            finally:
                late.cancel()
        if found is None:
            raise Failed("memory" if answer["kind"] == "memory" else "said", answer["said"])
        return found.column(0)

    def close(self) -> None:
        """End the process; the next expression starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                try:
                    cast(IO[bytes], pipe).close()
                except BrokenPipeError:
                    continue  # what was not sent any more had no reader left
            self._process = None

    def _running(self) -> "Popen[bytes]":
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            # By its path, not as a module: it starts in a moment, as the engine is not loaded with it. -P keeps this
            # folder off its search path, where `csv.py` or `json.py` would hide the standard library's.
            # When this process ends, its pipe closes, and the other one ends too.
            self._process = Popen([sys.executable, "-P", __file__], stdin=PIPE, stdout=PIPE)
        return self._process


@lru_cache(maxsize=1)
def worker() -> Worker:
    """The one worker of this process."""
    one = Worker()
    atexit.register(one.close)
    return one


def _send(pipe: IO[bytes], head: dict[str, str], table: pa.Table | None) -> None:
    sink = io.BytesIO()
    if table is not None:
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
    body = sink.getbuffer()
    pipe.write(json.dumps(head | {"bytes": str(len(body))}).encode() + b"\n")
    pipe.write(body)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> tuple[dict[str, str], pa.Table | None]:
    line = pipe.readline()
    if not line:
        raise EOFError
    head = cast(dict[str, str], json.loads(line))
    size = int(head["bytes"])
    body = pipe.read(size)
    if len(body) < size:
        raise EOFError
    return head, pa.ipc.open_stream(body).read_all() if size else None


def _placed(con: "duckdb.DuckDBPyConnection", query: str, said: str) -> str:
    """The complaint with the place: a query that cannot even be read tells it only when it is executed outright."""
    import duckdb

    if "LINE " in said:
        return said
    try:
        con.execute(query)
    except duckdb.Error as error:
        return str(error)
    return said


def sandbox() -> "duckdb.DuckDBPyConnection":
    """A connection in memory that reaches nothing outside, and whose settings can no longer be changed.

    It runs in UTC and the Gregorian calendar, so that a time means the same in every place.
    """
    import duckdb

    closed = {"enable_external_access": "false", "autoinstall_known_extensions": "false"}
    limits = {"autoload_known_extensions": "false", "memory_limit": MEMORY, "threads": "2"}
    con = duckdb.connect(":memory:", config={**closed, **limits})
    con.execute("SET python_enable_replacements=false")
    con.execute("SET TimeZone='UTC'")
    con.execute("SET Calendar='gregorian'")
    con.execute("SET lock_configuration=true")
    return con


def main() -> None:
    """Answer expressions from standard input until it closes."""
    import duckdb

    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, resource.getrlimit(resource.RLIMIT_AS)[1]))
    pipe = sys.stdout.buffer
    while True:
        try:
            head, table = _receive(sys.stdin.buffer)
        except EOFError:
            return
        con = sandbox()
        con.register("rows", table)
        try:
            found = con.sql(head["query"]).to_arrow_table()
        except (duckdb.OutOfMemoryException, MemoryError):
            _send(pipe, {"kind": "memory", "said": ""}, None)
        except duckdb.Error as error:
            _send(pipe, {"kind": "said", "said": _placed(con, head["query"], str(error))}, None)
        else:
            _send(pipe, {"kind": "answer", "said": ""}, found)
        finally:
            con.close()


if __name__ == "__main__":
    main()
