"""The one message that the map gets: a small header, and only those bytes that this browser does not have yet."""

import hashlib
import json
from collections.abc import Callable, Mapping, MutableSet

import numpy as np

ALIGN = 8  # a float32 or uint16 view in the browser must start on a multiple of its size


def digest_of(content: bytes) -> str:
    """The name of some bytes: the first 128 bits of their BLAKE2 hash, as hex."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def pack(header: Mapping[str, object], parts: Mapping[str, bytes]) -> bytes:
    """One run of bytes: header length (uint32, little-endian), header (JSON), then the parts, each on a multiple of 8.

    The header gets a table `parts` of [name, start, length]; starts count from the first part.
    """
    table, blocks, start = [], [], 0
    for name, content in parts.items():
        table.append([name, start, len(content)])
        padding = -len(content) % ALIGN
        blocks += [content, b"\0" * padding]
        start += len(content) + padding
    head = json.dumps({**header, "parts": table}, separators=(",", ":")).encode()
    head += b" " * (-(len(head) + 4) % ALIGN)
    return b"".join([len(head).to_bytes(4, "little"), head, *blocks])


def unsent(parts: Mapping[str, Callable[[], bytes]], sent: MutableSet[str]) -> dict[str, bytes]:
    """The parts that this browser was not sent yet, made now; they count as sent from now on.

    A message can be lost (the connection breaks, or a newer one overtakes it). The browser then asks by name, and the
    name is taken off the list again: so no acknowledgement is needed for the usual case.
    """
    missing = {name: make() for name, make in parts.items() if name not in sent}
    sent |= set(missing)
    return missing


def mask_bytes(mask: np.ndarray) -> bytes:
    """A bool mask as one bit a row, the first row in the lowest bit."""
    return np.packbits(mask, bitorder="little").tobytes()


def point_bytes(x: np.ndarray, y: np.ndarray) -> bytes:
    """All x, then all y, as float32: 8 bytes a row."""
    return np.concatenate([x, y]).astype("<f4").tobytes()
