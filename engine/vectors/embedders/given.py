"""Vectors that the person brings: a list column, or an .npy or .npz file with one row each."""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Annotated, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.registry import MEGABYTE, About, Column, Cost, Help, Json, Kind, Load

BLOCK = 4096


def _cost(load: Load) -> Cost:
    disk = load.texts * (load.dimension * 2 + 28) + load.rows * 4
    return Cost(load.rows / 120_000, 300 * MEGABYTE + load.rows * 40, disk)


ABOUT = About(cost=_cost, portable="this corpus only")


def given(
    *,
    column: Annotated[Column, Help("a column that holds a list of numbers in each row")] = "",
    path: Annotated[str, Kind("path"), Help("or an .npy or .npz file with one row of numbers for each row")] = "",
) -> "Given":
    """Use vectors that are there already, from {column} {path}.

    Read in blocks, so that memory does not grow with the rows. A missing list is a row without a vector; NaN, infinite
    and all-zero rows are refused with the first one named.
    """
    if bool(column) == bool(path):
        raise EngineError("Say where the vectors are: either a column of lists, or the path of an .npy or .npz file.")
    return Given(column, path)


class Given:
    """Where the vectors lie."""

    def __init__(self, column: str, path: str) -> None:
        self.column, self.path = column, path

    def facts(self, data: Dataset) -> dict[str, Json]:
        """What the vectors are: the column of these very rows, or the SHA-256 of the file."""
        if self.column:
            return {"column": self.column, "identity": data.info(self.column).identity or data.fingerprint}
        with _reading(self.path), Path(self.path).open("rb") as file:
            return {"sha256": hashlib.file_digest(file, "sha256").hexdigest()}

    def dimension(self, data: Dataset) -> int:
        """Numbers a vector, after a check of the number of rows."""
        if self.column:
            return _list_dimension(self.column, data.column(self.column))
        with _open_npy(self.path) as (_, shape, _):
            if len(shape) != 2 or shape[1] < 1:
                raise EngineError(
                    f"{self.path} has shape {shape}; vectors have two dimensions, rows and numbers. "
                    "Reshape it and save it again."
                )
            if shape[0] != data.n:
                raise EngineError(
                    f"{self.path} has {shape[0]:,} rows and the data set has {data.n:,}. "
                    "Give one vector for each row, in the same order."
                )
            return shape[1]

    def blocks(self, data: Dataset) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """In row order: float (k, d), and which of the k rows have a vector."""
        dimension = self.dimension(data)
        if self.column:
            yield from _list_blocks(self.column, data.column(self.column), dimension)
            return
        with _open_npy(self.path) as (file, shape, dtype):
            for start in range(0, shape[0], BLOCK):
                count = min(BLOCK, shape[0] - start)
                body = file.read(count * shape[1] * dtype.itemsize)
                if len(body) < count * shape[1] * dtype.itemsize:
                    raise EngineError(f"{self.path} ends early, near row {start:,}. Save it again.")
                yield np.frombuffer(body, dtype).reshape(count, shape[1]), np.ones(count, bool)


@contextmanager
def _reading(path: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise EngineError(f"There is no file {path}. Give the path of an .npy or .npz file.") from None
    except PermissionError:
        raise EngineError(f"No permission to read {path}. Change its permissions, or copy it.") from None
    except IsADirectoryError:
        raise EngineError(f"{path} is a folder. Give the path of an .npy or .npz file in it.") from None
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        raise EngineError(
            f"{path} is not a whole .npy or .npz file ({error}). Save it again with numpy.save."
        ) from error


@contextmanager
def _open_npy(path: str) -> Iterator[tuple[IO[bytes], tuple[int, ...], np.dtype]]:
    """The file behind the header, with shape and dtype. Nothing in it can run: objects are refused."""
    with ExitStack() as stack:
        stack.enter_context(_reading(path))
        file: IO[bytes]
        if path.endswith(".npz"):
            archive = stack.enter_context(zipfile.ZipFile(path))
            names = [n for n in archive.namelist() if n.endswith(".npy")]
            named = [n for n in names if n in ("vectors.npy", "embeddings.npy")] or names
            if len(named) != 1:
                shown = ", ".join(n.removesuffix(".npy") for n in names)
                raise EngineError(f"{path} holds {shown or 'no array'}. Name the array of vectors `vectors`.")
            file = stack.enter_context(archive.open(named[0]))
        else:
            file = stack.enter_context(Path(path).open("rb"))
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, by_column, dtype = read(file)
        if dtype.kind not in "fiu":
            raise EngineError(f"{path} holds {dtype}, not numbers. Save it as float32.")
        if by_column and len(shape) == 2 and min(shape) > 1:
            raise EngineError(f"{path} is stored column by column. Save numpy.ascontiguousarray of it.")
        yield file, shape, dtype


def _list_dimension(key: str, values: pa.ChunkedArray) -> int:
    kind = values.type
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)):
        raise EngineError(f"The column {key!r} holds {kind}, not lists of numbers. Choose another column.")
    if not (pa.types.is_floating(kind.value_type) or pa.types.is_integer(kind.value_type)):
        raise EngineError(f"The lists in {key!r} hold {kind.value_type}, not numbers. Choose another column.")
    start, dimension, first = 0, 0, 0
    for chunk in values.chunks:
        length = pc.fill_null(pc.list_value_length(chunk), 0).to_numpy(zero_copy_only=False)
        there = np.flatnonzero(pc.is_valid(chunk).to_numpy(zero_copy_only=False))
        if len(there) and not dimension:
            dimension, first = int(length[there[0]]), start + int(there[0])
        wrong = there[length[there] != dimension]
        if len(wrong):
            raise EngineError(
                f"Row {start + int(wrong[0]):,} of {key!r} has {int(length[wrong[0]])} numbers and row {first:,} has "
                f"{dimension}. Vectors of one column have one length."
            )
        start += len(chunk)
    if not dimension:
        raise EngineError(f"No row of {key!r} has a vector. Choose another column.")
    return dimension


def _list_blocks(key: str, values: pa.ChunkedArray, dimension: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    start = 0
    for chunk in values.chunks:
        for at in range(0, len(chunk), BLOCK):
            part = chunk.slice(at, BLOCK)
            present = pc.is_valid(part).to_numpy(zero_copy_only=False)
            inner = pc.drop_null(part).flatten()
            if inner.null_count:
                hole = int(np.argmin(pc.is_valid(inner).to_numpy(zero_copy_only=False)))
                row = start + at + int(np.flatnonzero(present)[hole // dimension])
                raise EngineError(f"Row {row:,} of {key!r} has a missing number. Leave the whole list out, or mend it.")
            vectors = np.zeros((len(part), dimension), np.float64)
            vectors[present] = cast(np.ndarray, inner.to_numpy(zero_copy_only=False)).reshape(-1, dimension)
            yield vectors, present
        start += len(chunk)
