"""A small picture of what a way of choosing takes: the same cloud of points each time, the chosen ones filled."""

import base64
from functools import cache

import numpy as np

WIDTH, HEIGHT, MARGIN = 120, 56, 6
QUIET, CHOSEN, WANTED = "#9aa8a4", "#0f766e", "#d97706"


@cache
def picture(purpose: str) -> str:
    """SVG, as base64, of three heaps of points, those chosen for a purpose filled."""
    rng = np.random.default_rng(4)
    heap = np.repeat(np.arange(3), (26, 12, 6))
    middle = np.array([[0.26, 0.5], [0.66, 0.34], [0.86, 0.74]])[heap]
    at = middle + rng.normal(0, 1, (len(heap), 2)) * np.array([[0.1, 0.2], [0.07, 0.13], [0.04, 0.09]])[heap]
    at = np.clip(at, 0.02, 0.98) * [WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN] + MARGIN
    size = np.where(purpose == "best", 1.2 + 2.6 * rng.random(len(heap)), 2.2)
    picked, wanted = _picked(purpose, at, heap, size, rng)
    dots = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r + 0.6 * p:.1f}" fill="{CHOSEN if p else QUIET}" '
        f'fill-opacity="{1 if p else 0.5}"/>'
        for (x, y), r, p in zip(at.tolist(), size.tolist(), picked.tolist(), strict=True)
    ]
    if wanted is not None:
        x, y = wanted
        dots.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="11" fill="none" stroke="{WANTED}" stroke-width="2"/>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
    return base64.b64encode(f"{head}{''.join(dots)}</svg>".encode()).decode()


def _picked(
    purpose: str, at: np.ndarray, heap: np.ndarray, size: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray | None]:
    """bool (points,), those chosen; and where the target is, None for none."""
    picked = np.zeros(len(at), bool)
    if purpose == "cover":
        near = np.full(len(at), np.inf)
        for _ in range(8):  # the farthest from all before
            far = int(near.argmax())
            picked[far] = True
            near = np.minimum(near, ((at - at[far]) ** 2).sum(axis=1))
    elif purpose == "target":
        middle = at[heap == 1].mean(axis=0)
        picked[np.argsort(((at - middle) ** 2).sum(axis=1))[:8]] = True
        return picked, middle
    elif purpose == "best":
        picked[np.argsort(-size)[:9]] = True
    elif purpose == "balance":
        for group in range(3):
            picked[rng.permutation(np.flatnonzero(heap == group))[:4]] = True
    else:
        picked[rng.permutation(len(at))[:11]] = True
    return picked, None
