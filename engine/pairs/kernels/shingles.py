"""From the bytes of a text to hashed shingles, without an object per word.

numba makes a mix of signed and unsigned 64-bit numbers a float64, so every constant is wrapped in `U`. The random
constants are fixed for good: stored signatures depend on them.
"""

import numpy as np

from engine.compiled import compiled

U = np.uint64
M1, M2 = U(0x9E3779B97F4A7C15), U(0xD6E8FEB86659FD93)
BASE, SHORT, SEQUENCE = U(0x5851F42D4C957F2D), U(0xC2B2AE3D27D4EB4F), U(0x2545F4914F6CDD1D)


def _byte_table() -> tuple[np.ndarray, np.ndarray]:
    """uint64 (256,) each: a random number for each byte, equal for both cases of a letter; all ones where it counts.

    Letters, digits and `_` make words; bytes above 127 are for texts of other scripts, whose words are told otherwise.
    """
    numbers = np.random.default_rng(7).integers(1, 2**64 - 1, 256, dtype=U)
    numbers[65:91] = numbers[97:123]
    letter = np.array([chr(b).isalnum() or b == 95 or b > 127 for b in range(256)])
    return np.where(letter, numbers, U(0)), np.where(letter, ~U(0), U(0))


NUMBER, LETTER = _byte_table()
NO_WORD, LETTERS, SIGN, MARK, UNSEEN = 0, 1, 2, 3, 4
"""What a character is: of no word; of a word; a word by itself; a mark upon the one before; not there to the eye."""
SPACE = np.array([b in b" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f" for b in range(256)])


@compiled
def mixed(x: np.uint64) -> np.uint64:
    x ^= x >> U(32)
    x *= M2
    x ^= x >> U(29)
    return x


@compiled
def words(text: np.ndarray, start: int, stop: int, out: np.ndarray) -> int:
    """Hashes of the words of a text of ASCII, uint64, into `out`; returns how many. No branch depends on the text."""
    h, n, before = U(0), U(0), U(0)
    for at in range(start, stop):
        b = text[at]
        now = LETTER[b]
        out[n] = h
        n += before & ~now & U(1)
        h = (((h << U(5)) | (h >> U(59))) + NUMBER[b]) & now
        before = now
    out[n] = h
    return np.int64(n + (before & U(1)))


@compiled
def character(text: np.ndarray, at: int, stop: int) -> tuple[int, int]:
    """The code point that begins at a byte, and how many bytes it takes."""
    b = np.int64(text[at])
    if b < 0x80 or b < 0xC0:
        return b, 1
    long = 2 if b < 0xE0 else 3 if b < 0xF0 else 4
    long = min(long, stop - at)
    point = b & (0x3F >> (long - 1))
    for i in range(1, long):
        point = (point << 6) | (np.int64(text[at + i]) & 0x3F)
    return point, long


@compiled
def steady(offsets: np.ndarray, text: np.ndarray, some: np.ndarray, points: np.ndarray) -> np.ndarray:
    """bool, one for each of some texts (int64): whether all of its code points are such. points: bool, of each."""
    found = np.ones(len(some), np.bool_)
    for i in range(len(some)):
        at, stop = offsets[some[i]], offsets[some[i] + 1]
        while at < stop and found[i]:
            point, long = character(text, at, stop)
            found[i] = point < len(points) and points[point]
            at += long
    return found


@compiled
def words_of_any_script(text: np.ndarray, start: int, stop: int, classes: np.ndarray, out: np.ndarray) -> int:
    """The same for any text in lower case: a word of ASCII has the same hash. classes: uint8, of each code point.

    A sign of a script without spaces is a word, with the marks upon it.
    """
    n, at, last = 0, start, NO_WORD
    h = U(0)
    while at < stop:
        point, long = character(text, at, stop)
        now = classes[point] if point < len(classes) else UNSEEN
        if now == UNSEEN:
            at += long
            continue
        joins = now == MARK or (now == LETTERS and last == LETTERS)
        if last != NO_WORD and not joins:
            out[n] = h
            n += 1
            h = U(0)
        if now != NO_WORD:
            for i in range(long):
                h = ((h << U(5)) | (h >> U(59))) + NUMBER[text[at + i]]
            now = last if now == MARK and last != NO_WORD else LETTERS if now == MARK else now
        last = now
        at += long
    if last != NO_WORD:
        out[n] = h
        n += 1
    return n


@compiled
def characters(text: np.ndarray, start: int, stop: int, classes: np.ndarray, out: np.ndarray) -> int:
    """Hashes of the characters of a text in lower case, one space between words; ASCII may be in upper case."""
    n, at, gap = 0, start, False
    while at < stop:
        point, long = character(text, at, stop)
        at += long
        now = classes[point] if point < len(classes) else UNSEEN
        if now == UNSEEN:
            continue
        if now == NO_WORD:
            gap = n > 0
            continue
        if gap:
            out[n] = M1
            n, gap = n + 1, False
        out[n] = mixed((U(point + 32 if 65 <= point <= 90 else point) + U(1)) * M1)
        n += 1
    return n


@compiled
def tokens(
    text: np.ndarray, start: int, stop: int, plain: bool, by_character: bool, classes: np.ndarray, out: np.ndarray
) -> int:
    """Hashes of words or characters; a text of signs alone is one token, a blank one none. plain: it is of ASCII."""
    if by_character:
        n = characters(text, start, stop, classes, out)
    elif plain:
        n = words(text, start, stop, out)
    else:
        n = words_of_any_script(text, start, stop, classes, out)
    if n == 0:
        h, blank = U(0), True
        for at in range(start, stop):
            blank &= SPACE[text[at]]
            h = h * BASE + U(text[at]) + U(1)
        if not blank:
            out[0], n = h, 1
    return n


@compiled
def shingled(out: np.ndarray, n: int, size: int, lead: np.uint64) -> int:
    """Turn n tokens into the hashes of all runs of `size` of them, in place; returns how many.

    Fewer tokens than `size` make one shingle of all of them, so that short texts are equal only when they are.
    lead: `leading(size)`.
    """
    for i in range(n):
        out[i] = (out[i] ^ (out[i] >> U(31))) * M1
    if n < size:
        x = U(n)
        for i in range(n):
            x = x * SHORT + out[i]
        out[0] = mixed(x)
        return min(n, 1)
    x = U(0)
    for i in range(size - 1):
        x = x * BASE + out[i]
    for i in range(n - size + 1):
        x = x * BASE + out[i + size - 1]
        first = out[i]
        out[i] = mixed(x)
        x -= first * lead
    return n - size + 1


@compiled
def leading(size: int) -> np.uint64:
    """The weight of the first token of a shingle."""
    power = U(1)
    for _ in range(size - 1):
        power *= BASE
    return power


@compiled
def sequence(out: np.ndarray, n: int) -> tuple[np.uint64, np.uint64]:
    """128 bits of the tokens in their order; (0, 0) for none."""
    if n == 0:
        return U(0), U(0)
    low, high = U(n), U(n)
    for i in range(n):
        low = low * SEQUENCE + out[i]
        high += mixed((out[i] ^ U(i)) * M2)
    return mixed(low), mixed(high) | U(1)


@compiled
def set_of(out: np.ndarray, n: int, table: np.ndarray, seen: np.ndarray, epoch: int) -> int:
    """Keep each of n shingles once, in place and in order; returns how many.

    table: uint64, seen: int64 of the same length, a power of two of at least 2n; epoch: not used with them before.
    """
    mask = 15
    while mask + 1 < 2 * n:
        mask = 2 * mask + 1
    k = 0
    for i in range(n):
        x = out[i]
        at = np.int64(x & U(mask))
        while seen[at] == epoch and table[at] != x:
            at = (at + 1) & mask
        if seen[at] != epoch:
            seen[at], table[at] = epoch, x
            out[k] = x
            k += 1
    return k


@compiled
def table_size(most: int) -> int:
    """A power of two that holds `most` shingles with room."""
    size = 16
    while size < 2 * most:
        size *= 2
    return size
