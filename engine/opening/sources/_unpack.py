"""Packed bytes become plain ones as they stream, a bounded piece at a time, whoever packed them."""

import zlib
from collections.abc import Callable, Iterator

LARGEST_BLOCK = 1 << 20
# 2 KB of zstd say at most 512 times "128 KB of the same byte".
_ZSTD_STEP = 2 << 10


def packing(start: bytes) -> str:
    """How a file is packed, from its first four bytes: `gzip`, `zstd`, or "" for not at all."""
    if start[:2] == b"\x1f\x8b":
        return "gzip"
    # 50 2a 4d 18 to 5f 2a 4d 18 open a frame of zstd that holds notes for whoever packed it, and is skipped.
    skippable = len(start) == 4 and start[1:] == b"\x2a\x4d\x18" and start[0] >> 4 == 5
    return "zstd" if skippable or start == b"\x28\xb5\x2f\xfd" else ""


def unpacked(packed: Iterator[bytes], how: str, damaged: Callable[[str], None]) -> Iterator[bytes]:
    """The plain bytes in blocks of `LARGEST_BLOCK` at most; damage ends them, and is told."""
    steps = {"gzip": _gunzip, "zstd": _unzstd}[how](packed, damaged) if how else packed
    for step in steps:
        for start in range(0, len(step), LARGEST_BLOCK):
            yield step[start : start + LARGEST_BLOCK] if len(step) > LARGEST_BLOCK else step


def _gunzip(packed: Iterator[bytes], damaged: Callable[[str], None]) -> Iterator[bytes]:
    unpack = zlib.decompressobj(31)
    fed = False
    for block in packed:
        while block:
            if unpack.eof:
                # A gzip file may hold several members one after the other; padding behind the last is not one.
                if not block.lstrip(b"\0"):
                    break
                unpack = zlib.decompressobj(31)
            fed = True
            try:
                yield unpack.decompress(block, LARGEST_BLOCK)
            except zlib.error as error:
                damaged(f"the gzip data is damaged ({error})")
                return
            block = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
    if fed and not unpack.eof:
        yield unpack.flush()
        damaged("the gzip data is cut off")


def _unzstd(packed: Iterator[bytes], damaged: Callable[[str], None]) -> Iterator[bytes]:
    import zstandard

    unpack = zstandard.ZstdDecompressor().decompressobj()
    for big in packed:
        for start in range(0, len(big), _ZSTD_STEP):
            block = big[start : start + _ZSTD_STEP]
            while block:
                if unpack.eof:
                    unpack = zstandard.ZstdDecompressor().decompressobj()
                try:
                    yield unpack.decompress(block)
                except zstandard.ZstdError as error:
                    damaged(f"the zstd data is damaged ({error})")
                    return
                block = unpack.unused_data if unpack.eof else b""
    if not unpack.eof:
        damaged("the zstd data is cut off")
