"""Colours that follow place: each side of the map has its family of hues, and topics those of their area."""

import numpy as np

from ui.map.colouring import CONES, LAB, touching

Inks = tuple[str, str]
"""A colour on a light and on a dark ground, each as #rrggbb."""

LIGHT, DARK, CHROMA = 0.64, 0.74, 0.135  # OKLCH of areas on either ground
APART = 0.05  # lightness by which areas that follow each other around the map differ from that
START = 0.4  # radians: the hue of the first area
SHADES = [
    (turn, up, c) for c in (0.0, -0.03, 0.02) for up in (0, 0.05, -0.05) for turn in (0, 0.12, -0.12, 0.06, -0.06)
]
SHADE = 0.05  # in OKLab; two shades of one area so far apart are told from each other
MANY = 400  # labels beyond which it is not looked which touch: the table of cells would be too large
LEAST = {"full": 0.07, "protan": 0.06, "deutan": 0.05, "tritan": 0.025}  # in OKLab, for colours side by side
SIGHTS: dict[str, list[list[float]]] = {  # what reaches eyes with all cones, and without one kind (Machado, 2009)
    "full": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def by_place(
    x: np.ndarray, y: np.ndarray, topic: np.ndarray, area: np.ndarray
) -> tuple[dict[int, Inks], dict[int, Inks]]:
    """Colours that follow place: of each area, and of each topic, by number.

    The hue of an area is the angle of its middle around the middle of the map, spread evenly in that order; lightness
    alternates, and where two areas touch it is moved until every kind of eye tells them apart. The topics of an area
    vary a little around its colour, those that touch as much as there is room for. `topic`, `area`: integers (n,),
    below 0 is none. The same at every call; rows without a place have no say.
    """
    there = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & (area >= 0))
    numbers, first = np.unique(area[there], return_inverse=True)
    if not len(numbers):
        return {}, {}
    x, y, topic = x[there], y[there], topic[there]
    middles = np.array([[np.median(x[first == i]), np.median(y[first == i])] for i in range(len(numbers))])
    centre = np.median(middles, axis=0) if len(numbers) > 2 else middles.mean(axis=0)
    order = np.argsort(np.arctan2(*(middles - centre).T[::-1]), kind="stable")
    hue = np.empty(len(numbers))
    hue[order] = START + np.arange(len(numbers)) / len(numbers) * 2 * np.pi
    offset = np.empty(len(numbers))
    offset[order] = np.where(np.arange(len(numbers)) % 2, APART, -APART)
    near = touching(x, y, first, len(numbers)) if len(numbers) <= MANY else np.eye(len(numbers))
    offset = _told_apart(hue, offset, near + 0.02)
    areas = {int(n): _inks(hue[i], offset[i], CHROMA) for i, n in enumerate(numbers)}
    known = topic >= 0
    kinds, which, sizes = np.unique(topic[known], return_inverse=True, return_counts=True)
    mine = np.zeros(len(kinds), np.int64)
    mine[which] = first[known]
    beside_it = touching(x[known], y[known], which, len(kinds)) if len(kinds) <= MANY else None
    lab = np.zeros((len(kinds), 3))
    topics: dict[int, Inks] = {}
    done: dict[int, list[int]] = {}
    for kind in np.argsort(-sizes, kind="stable"):
        i = mine[kind]
        beside = done.setdefault(int(i), [])
        tried = np.array([_lch(LIGHT + offset[i] + up, CHROMA + c, hue[i] + turn) for turn, up, c in SHADES])
        apart = np.linalg.norm(tried[:, None] - lab[beside][None], axis=2)
        cost = (np.exp(-((apart / SHADE) ** 2)) * ((0 if beside_it is None else beside_it[kind, beside]) + 0.05)).sum(
            axis=1
        )
        best = int(np.argmin(np.round(cost, 9)))
        turn, up, c = SHADES[best]
        lab[kind] = tried[best]
        beside.append(int(kind))
        topics[int(kinds[kind])] = _inks(hue[i] + turn, offset[i] + up, CHROMA + c)
    return areas, topics


def seen(rgb: np.ndarray) -> dict[str, np.ndarray]:
    """Colours, linear rgb (k, 3), in OKLab as eyes with all cones see them and as those without one kind do."""
    return {eye: np.cbrt(np.clip(rgb @ np.array(sight).T, 0, 1) @ CONES.T) @ LAB.T for eye, sight in SIGHTS.items()}


def _told_apart(hue: np.ndarray, offset: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Lightness moved where two areas that touch look alike to some kind of eye: one area at a time, four times."""
    offset = offset.copy()
    for _ in range(4):
        for i in range(len(hue)):
            others = np.arange(len(hue)) != i
            if not others.any():
                return offset
            steps = offset[i] + np.array([0, -0.05, 0.05, -0.1, 0.1])
            steps = steps[np.abs(steps) <= 2 * APART + 1e-9]
            cost = np.zeros(len(steps))
            for light in (LIGHT, DARK):
                all_rgb = _linear(light + offset, np.full(len(hue), CHROMA), hue)
                tried = seen(_linear(light + steps, np.full(len(steps), CHROMA), np.full(len(steps), hue[i])))
                for eye, lab in seen(all_rgb).items():
                    apart = np.linalg.norm(tried[eye][:, None] - lab[others][None], axis=2) / LEAST[eye]
                    cost = np.maximum(cost, (np.exp(-((apart / 1.3) ** 2)) * near[i, others]).sum(axis=1))
            offset[i] = steps[int(np.argmin(np.round(cost + 0.002 * np.abs(steps - offset[i]), 9)))]
    return offset


def _linear(lightness: np.ndarray, chroma: np.ndarray, hue: np.ndarray) -> np.ndarray:
    """OKLCH as linear rgb, held within what a screen can show: float64 (k, 3)."""
    lab = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=-1)
    return np.clip((lab @ np.linalg.inv(LAB).T) ** 3 @ np.linalg.inv(CONES).T, 0, 1)


def _lch(lightness: float, chroma: float, hue: float) -> list[float]:
    return [lightness, chroma * np.cos(hue), chroma * np.sin(hue)]


def _inks(hue: float, offset: float, chroma: float) -> Inks:
    """A colour as #rrggbb, on a light and on a dark ground."""
    light, dark = (
        _hex(_linear(*(np.array([v]) for v in (ground + offset, chroma, hue)))[0]) for ground in (LIGHT, DARK)
    )
    return light, dark


def _hex(rgb: np.ndarray) -> str:
    bytes_ = np.round(255 * np.where(rgb <= 0.0031308, 12.92 * rgb, 1.055 * rgb ** (1 / 2.4) - 0.055)).astype(int)
    return "#" + "".join(f"{v:02x}" for v in bytes_)
