"""Pictures from counts: small grids by hand, and the PNG read back."""

import struct
import zlib

import numpy as np
import pytest

from engine.errors import EngineError
from ui.map.raster import counts, grown, picture, png, solidity


def read_png(content: bytes) -> np.ndarray:
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    at, lines, size = 8, b"", (0, 0)
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        assert struct.unpack(">I", content[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            size = struct.unpack(">II", body[:8])
        if kind == b"IDAT":
            lines += zlib.decompress(body)
        at += 12 + length
    width, height = size
    return np.frombuffer(lines, dtype=np.uint8).reshape(height, 1 + 4 * width)[:, 1:].reshape(height, width, 4)


def test_the_top_row_of_the_grid_is_the_top_of_the_map():
    x, y = np.array([0.5, 1.5, 1.5, np.nan]), np.array([1.5, 0.5, 0.6, 1.0])
    assert counts(x, y, (0, 0, 2, 2), 2, 2).tolist() == [[1, 0], [0, 2]]


def test_points_on_the_far_edges_are_counted_and_points_outside_are_not():
    x, y = np.array([0.0, 2.0, 2.01]), np.array([0.0, 2.0, 1.0])
    assert counts(x, y, (0, 0, 2, 2), 2, 2).tolist() == [[0, 1], [1, 0]]


def test_a_point_grown_by_one_covers_the_cross_around_it():
    grid = np.zeros((3, 4))
    grid[1, 0] = 2
    assert grown(grid, 1).tolist() == [[2, 0, 0, 0], [2, 2, 0, 0], [2, 0, 0, 0]]


def test_a_picture_shows_each_row_in_its_colour_and_the_others_in_grey():
    palette = np.array([[255, 0, 0], [0, 255, 0], [100, 100, 100]], dtype=np.uint8)
    content = picture(
        np.array([0.5, 1.5, 1.5]),
        np.array([1.5, 1.5, 0.5]),
        codes=np.array([0, 1, 1], dtype=np.uint8),
        palette=palette,
        box=(0, 0, 2, 2),
        width=2,
        height=2,
        shown=np.array([True, True, False]),
        radius=0,
        opacity=np.ones(3),
    )
    image = read_png(content)
    assert image[..., :3].tolist() == [[[255, 0, 0], [0, 255, 0]], [[0, 0, 0], [100, 100, 100]]]
    assert image[..., 3].tolist() == [[255, 255], [0, 255]]


def test_a_selected_row_lies_above_a_hundred_others_at_its_place():
    image = read_png(
        picture(
            np.full(101, 0.5),
            np.full(101, 0.5),
            codes=np.append(np.zeros(100, np.uint8), 1).astype(np.uint8),
            palette=np.array([[9, 9, 9], [255, 0, 0], [1, 1, 1]], dtype=np.uint8),
            box=(0, 0, 1, 1),
            width=1,
            height=1,
            shown=np.ones(101, dtype=bool),
            selected=np.arange(101) == 100,
            opacity=np.append(np.full(100, 0.3), 0.9),
            radius=0,
            larger=0,
        )
    )
    assert image[0, 0].tolist() == [230, 1, 1, 255]  # nine parts of red over one of grey


def test_a_point_in_a_dense_place_is_clearer_by_the_power_of_its_density():
    x = np.array([10.5, 10.5, 10.5, 10.5, 100.5, np.nan])  # four at one place, one alone: the median one is of the four
    found = solidity(x, np.full(6, 128.5), np.isfinite(x), (0.0, 0.0, 256.0))
    assert found[0] == pytest.approx(0.62)
    assert found[4] == pytest.approx(0.62 * 4**0.45)
    many = np.append(np.full(40, 10.5), 100.5)
    assert solidity(many, np.full(41, 128.5), np.isfinite(many), (0.0, 0.0, 256.0))[40] == 1.6
    assert len(solidity(x[:0], x[:0], np.zeros(0, bool), (0.0, 0.0, 1.0))) == 0


def test_a_png_reads_back_as_it_was():
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 4), dtype=np.uint8)
    assert (read_png(png(image)) == image).all()


def test_a_box_without_area_is_refused():
    with pytest.raises(EngineError, match="x0 < x1"):
        counts(np.zeros(1), np.zeros(1), (0, 0, 0, 1), 2, 2)
