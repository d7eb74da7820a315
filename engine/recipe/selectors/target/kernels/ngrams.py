"""Runs of words and the buckets that SHA-256 sorts them into, counted and weighed text by text.

numba makes a mix of signed and unsigned 64-bit numbers a float64, so every constant is wrapped in `U`.
"""

import math

import numpy as np

from engine.compiled import compiled

U = np.uint64
SPACE, WORD, SIGN = 0, 1, 2
"""What a character is: white space; a letter, digit or `_`, which make words; anything else, which makes runs too."""
LOW = U(0xFFFFFFFF)
MIX, TURN = U(0x9E3779B97F4A7C15), U(0xD6E8FEB86659FD93)
FIRST, NAME = U(1 << 63), ~U((1 << 20) - 1)
PAD = 72
FULLEST = 0.7


def _primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % p for p in found):
            found.append(number)
        number += 1
    return found


def _cube_root(n: int) -> int:
    """The whole part of it."""
    root = 1 << -(-n.bit_length() // 3)
    while True:
        less = (2 * root + n // (root * root)) // 3
        if less >= root:
            return root
        root = less


START = np.array([math.isqrt(p << 64) & 0xFFFFFFFF for p in _primes(8)], U)
ROUND = np.array([_cube_root(p << 96) & 0xFFFFFFFF for p in _primes(64)], U)
"""The numbers of SHA-256: from the square roots of the first primes, and from their cube roots (FIPS 180-4)."""


@compiled
def twice(x: np.uint64) -> np.uint64:
    """32 bits beside themselves: shifted to the right, the lower half is them turned to the right."""
    return x | (x << U(32))


@compiled
def bucket_of(text: np.ndarray, length: int, buckets: int, w: np.ndarray, state: np.ndarray) -> int:
    """SHA-256 of the first bytes of `text`, modulo buckets (at most 2^31). `text` has PAD bytes to spare after them.

    w: uint64 (64,) and state: uint64 (8,), room to work in.
    """
    end = ((length + 8) // 64 + 1) * 64
    text[length] = 0x80
    for i in range(length + 1, end):
        text[i] = 0
    bits = U(length) * U(8)
    for i in range(8):
        text[end - 1 - i] = np.uint8((bits >> U(8 * i)) & U(255))
    for i in range(8):
        state[i] = START[i]
    for block in range(0, end, 64):
        for i in range(16):
            at = block + 4 * i
            w[i] = (U(text[at]) << U(24)) | (U(text[at + 1]) << U(16)) | (U(text[at + 2]) << U(8)) | U(text[at + 3])
        for i in range(16, 64):
            a, b = twice(w[i - 15]), twice(w[i - 2])
            one = ((a >> U(7)) ^ (a >> U(18))) & LOW ^ (w[i - 15] >> U(3))
            two = ((b >> U(17)) ^ (b >> U(19))) & LOW ^ (w[i - 2] >> U(10))
            w[i] = (w[i - 16] + one + w[i - 7] + two) & LOW
        a, b, c, d = state[0], state[1], state[2], state[3]
        e, f, g, h = state[4], state[5], state[6], state[7]
        for i in range(64):
            ee, aa = twice(e), twice(a)
            one = h + (((ee >> U(6)) ^ (ee >> U(11)) ^ (ee >> U(25))) & LOW) + (g ^ (e & (f ^ g))) + ROUND[i] + w[i]
            two = (((aa >> U(2)) ^ (aa >> U(13)) ^ (aa >> U(22))) & LOW) + ((a & b) | (c & (a | b)))
            h, g, f, e = g, f, e, (d + one) & LOW
            d, c, b, a = c, b, a, (one + two) & LOW
        state[0] = (state[0] + a) & LOW
        state[1] = (state[1] + b) & LOW
        state[2] = (state[2] + c) & LOW
        state[3] = (state[3] + d) & LOW
        state[4] = (state[4] + e) & LOW
        state[5] = (state[5] + f) & LOW
        state[6] = (state[6] + g) & LOW
        state[7] = (state[7] + h) & LOW
    rest = U(0)
    for i in range(8):
        rest = ((rest << U(32)) | state[i]) % U(buckets)
    return np.int64(rest)


@compiled
def words_of(
    text: np.ndarray, start: int, stop: int, classes: np.ndarray, begin: np.ndarray, end: np.ndarray, key: np.ndarray
) -> int:
    """Runs of word characters and runs of other signs of one text in UTF-8: where each begins and ends, and a hash."""
    n, at, last, h = 0, start, SPACE, U(0)
    while at < stop:
        b = np.int64(text[at])
        long = 1 if b < 0x80 else 2 if b < 0xE0 else 3 if b < 0xF0 else 4
        point = b
        if long > 1:
            point = b & (0x3F >> (long - 1))
            for i in range(1, long):
                point = (point << 6) | (np.int64(text[at + i]) & 0x3F)
        now = np.int64(classes[point])
        if now != last:
            if last != SPACE:
                end[n], key[n] = at, h
                n += 1
            begin[n], h = at, U(0)
        for i in range(long):
            h = (h ^ (U(text[at + i]) + U(1))) * MIX
            h ^= h >> U(32)
        last = now
        at += long
    if last != SPACE:
        end[n], key[n] = stop, h
        n += 1
    return n


@compiled
def counted(
    text: np.ndarray,
    offsets: np.ndarray,
    classes: np.ndarray,
    words: int,
    buckets: int,
    known: np.ndarray,
    filled: np.ndarray,
    totals: np.ndarray,
    weights: np.ndarray,
    scores: np.ndarray,
    sizes: np.ndarray,
) -> None:
    """Count the n-grams of 1 to `words` words of each text into `totals`, and add up their weights.

    text: uint8, UTF-8; offsets: int64 (k + 1,). known: uint64 (a power of two), what was hashed once: the hash of an
    n-gram and, in the lowest 20 bits, its bucket, 0 where free; filled: int64 (1,), how many. totals: int64 (buckets,).
    weights: int64 (w, buckets); scores: int64 (w, k), sizes: int64 (k,), both filled in here.
    """
    longest = 0
    for t in range(len(offsets) - 1):
        longest = max(longest, offsets[t + 1] - offsets[t])
    begin, end = np.empty(longest + 1, np.int64), np.empty(longest + 1, np.int64)
    key = np.empty(longest + 1, U)
    room = np.empty(longest + words + PAD, np.uint8)
    w, state = np.empty(64, U), np.empty(8, U)
    mask = U(len(known) - 1)
    most = np.int64(FULLEST * len(known))
    for t in range(len(offsets) - 1):
        n = words_of(text, offsets[t], offsets[t + 1], classes, begin, end, key)
        total = 0
        for first in range(n):
            h = U(0)
            for size in range(1, min(words, n - first) + 1):
                h = (h ^ key[first + size - 1]) * TURN
                h ^= h >> U(29)
                name = (h | FIRST) & NAME
                at = h & mask
                while known[at] != U(0) and known[at] & NAME != name:
                    at = (at + U(1)) & mask
                if known[at] != U(0):
                    bucket = np.int64(known[at] & ~NAME)
                else:
                    length = 0
                    for i in range(first, first + size):
                        if i > first:
                            room[length] = 32
                            length += 1
                        for p in range(begin[i], end[i]):
                            room[length] = text[p]
                            length += 1
                    bucket = bucket_of(room, length, buckets, w, state)
                    if filled[0] < most:
                        known[at] = name | U(bucket)
                        filled[0] += 1
                totals[bucket] += 1
                for i in range(len(weights)):
                    scores[i, t] += weights[i, bucket]
                total += 1
        sizes[t] = total
