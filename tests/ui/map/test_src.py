"""The arithmetic of the map's JavaScript, run by Node: where the map begins, how solid points are, names."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from ui.map.bundle import npm_command

SRC = Path(__file__).resolve().parents[3] / "ui/map/src"
# Letters of six pixels each stand in for a canvas that measures.
HEAD = """
import { readFileSync } from "node:fs";
const measureText = (text) => ({ width: 6 * [...text].length });
globalThis.document = { createElement: () => ({ getContext: () => ({ measureText }) }) };
const given = JSON.parse(readFileSync(0));
const from = async (name) => await import(given.src + "/" + name + ".js");
"""


def told(body: str, **given: object) -> object:
    """What a piece of JavaScript returns; `given` are its values, `from` loads a module of the map."""
    _, folder = npm_command()
    node = next(path for path in (folder / "node", folder / "node.exe") if path.is_file())
    script = f"{HEAD}\nconst answer = async () => {{ {body} }};\nconsole.log(JSON.stringify(await answer()));"
    command, values = [str(node), "--no-warnings", "--input-type=module", "-e", script], {"src": SRC.as_uri(), **given}
    done = subprocess.run(command, input=json.dumps(values), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_map_begins_with_its_bulk_and_dust_far_away_does_not_make_it_small():
    rng = np.random.default_rng(2)
    x, y = rng.random((2, 4000))
    dust = [50.0, -40.0, 30.0]
    frame = told(
        "const { makeFrame, Camera } = await from('camera'); const f = makeFrame(given.x, given.y);"
        "const c = new Camera(f, 800, 800); return { box: c.box(), home: c.isHome };",
        x=[*x, *dust], y=[*y, *dust],
    )  # fmt: skip
    assert frame["home"]
    assert np.abs(np.array(frame["box"]) - [0, 0, 1, 1]).max() < 0.2


LINES = """
const places = [];
globalThis.Path2D = class { moveTo(x, y) { places.push(Math.hypot(x, y)); } lineTo() {} };
const { makeContours } = await from("contours");
makeContours(given.x, given.x, () => true, given.home);
return Math.max(...places);
"""


def test_lines_of_density_are_as_fine_as_the_bulk_whatever_dust_lies_far_away():
    bulk = [0.01 * i / 200 for i in range(-200, 200)]
    fine = told(LINES, x=[*bulk, 1, -1], home={"x": 0, "y": 0, "wide": 0.01, "tall": 0.01})
    assert 0.012 < fine < 0.02  # the corner of the bulk is 0.014 from its middle
    assert told(LINES, x=[*bulk, 1, -1], home=None) > 0.04


SOLID = """
const { makeThin, solidAt } = await from("thin");
const n = given.x.length, map = { x: given.x, y: given.x.map(() => 0), n, w: new Uint8Array(n).fill(2) };
const thin = makeThin(map, null, [false, false, true]);
return given.x.map((x) => solidAt(thin, x, 0));
"""


def test_a_point_in_a_dense_place_is_clearer_by_the_power_of_its_density():
    # Four at one place and one alone: the median point is of the four. What is kept is a byte, up to 1.6.
    assert told(SOLID, x=[-0.5] * 4 + [0.5]) == pytest.approx([0.62] * 4 + [0.62 * 4**0.45], abs=0.005)
    assert told(SOLID, x=[-0.5] * 40 + [0.5])[-1] == 1.6


PIXELS = """
const { makePixels } = await from("pixels");
globalThis.devicePixelRatio = 1;
let shown = null;
const context = {
  createImageData: (w, h) => ({ data: new Uint8ClampedArray(w * h * 4) }),
  putImageData: (image) => { shown = image.data; },
};
const drawer = makePixels({ width: 0, height: 0, getContext: () => context });
const n = given.x.length, order = Uint32Array.from(given.x, (_, i) => i);
drawer.places(Float32Array.from(given.x), Float32Array.from(given.x, () => 0), order);
drawer.states(Uint8Array.from(given.codes), Uint8Array.from(given.states), order);
drawer.palette(["#0000ff", "#ff0000"]);
drawer.thin({ bytes: new Uint8Array(256 * 256).fill(159), box: [-1, -1, 2] });
drawer.looks([0, 0.3, 0.5, 0.1, 0.9], [0, 2, 2, 2, 2]);
drawer.light(given.lit ?? -1);
drawer.draw({ x: 0, y: 0, scale: 10, width: 9, height: 9 }, 0, n, true);
const at = (x) => [...shown.slice((4 * 9 + x) * 4, (4 * 9 + x) * 4 + 4)];
return given.look.map(at);
"""


def test_a_selected_row_lies_above_a_hundred_others_at_its_place_in_whatever_order():
    for chosen in (0, 100):
        rows = [int(i == chosen) for i in range(101)]
        states = [4 if row else 3 for row in rows]
        ((r, _, b, a),) = told(PIXELS, x=[0] * 101, codes=rows, states=states, look=[4])
        assert r > 225 and b < 30 and a > 225


def test_points_add_up_and_one_colour_alone_stands_out():
    one, two = told(PIXELS, x=[0, 0.2, 0.2], codes=[0, 0, 0], states=[2, 2, 2], look=[4, 6])
    assert one == [0, 0, 255, pytest.approx(127, abs=2)]
    assert two == [0, 0, 255, pytest.approx(191, abs=2)]
    faint, lit = told(PIXELS, x=[0, 0.2], codes=[0, 1], states=[2, 2], lit=1, look=[4, 6])
    assert faint[3] < 20 and lit[:3] == [255, 0, 0] and lit[3] > 120


NAMES = """
const { makeFrame, Camera } = await from("camera");
const { makeLabels, placeLabels } = await from("labels");
const camera = new Camera(makeFrame([0, 0, 10, 10], [0, 10, 0, 10]), 800, 800);
const rows = given.names.map(([text, x, y, size, near, level = 0]) => [text, x, y, level, size, 0, near, 1, null]);
camera.zoom *= given.closer ?? 1;
const labels = makeLabels(rows, camera, "serif");
const ink = given.inked ? (x0, y0, x1, y1) => (x0 < 400 && x1 > 400 && y0 < 400 && y1 > 400 ? 0.5 : 0) : () => 0;
const placed = placeLabels(labels, camera, { ink, faded: given.faded ? new Uint8Array(given.faded) : null });
return placed.map((l) => [l.full, ...l.offset]);
"""


def test_a_name_stands_at_its_place_or_beside_it_where_it_would_cover_points():
    assert told(NAMES, names=[["perl", 5, 5, 10, 0.5]]) == [["perl", 0, 0]]
    ((_, dx, dy),) = told(NAMES, names=[["perl", 5, 5, 10, 0.5]], inked=True)
    assert 10 < np.hypot(dx, dy) < 40
    ((_, dx, dy),) = told(NAMES, names=[["perl", 5, 5, 10, 0.01]])
    assert 10 < np.hypot(dx, dy) < 40  # on its place nothing would be seen of so small a one


def test_of_two_topics_at_one_place_both_names_stand_and_neither_on_the_other():
    (a, ax, ay), (b, bx, by) = told(NAMES, names=[["one", 5, 5, 10, 0.5], ["two", 5, 5, 9, 0.5]])
    assert (a, ax, ay, b) == ("one", 0, 0, "two")
    assert abs(bx) > 18 or abs(by) > 12


def test_a_name_whose_topic_is_scattered_is_left_out_and_a_faded_one_gives_way():
    assert told(NAMES, names=[["here", 2, 2, 9, 0.5], ["scattered", 8, 8, 90, 4]]) == [["here", 0, 0]]
    found = told(NAMES, names=[["large", 5, 5, 90, 0.5], ["small", 5, 5, 9, 0.5]], faded=[1])
    assert found[0] == ["small", 0, 0]


def test_areas_and_groups_have_names_at_home_and_topics_closer_but_none_says_what_stands_above():
    tree = [["pets", 5, 5, 90, 0.5, 0], ["dogs", 5, 8, 50, 0.5, 1], ["pets", 5, 3.9, 40, 0.5, 1]]
    tree += [["dogs", 5, 8, 30, 0.5, 2], ["hounds", 5, 6, 20, 0.5, 2]]
    for closer, names in ((1, ["pets", "dogs"]), (1.7, ["pets", "dogs", "hounds"]), (5, ["hounds"])):
        assert [name for name, *_ in told(NAMES, names=tree, closer=closer)] == names
    far = [["pets", 2, 5, 90, 0.5, 0], ["pets", 8, 5, 40, 0.5, 2]]  # another place may have the same name
    assert [name for name, *_ in told(NAMES, names=far, closer=1.7)] == ["pets", "pets"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Perl", ["Perl"]),
        ("encryption, cryptographic keys", ["encryption,", "cryptographic keys"]),
        ("机器学习模型的训练数据集合与评估", ["机器学习模型的训", "练数据集合与评估"]),
        ("كتاب عن الشبكات", ["كتاب عن الشبكات"]),
        ("x" * 60, ["x" * 15, "x" * 15, "x" * 13 + "…"]),
    ],
)
def test_a_name_stands_on_a_few_short_lines_in_any_script(text, lines):
    assert (
        told("const { lines, shorten } = await from('words'); return lines(shorten(given.text));", text=text) == lines
    )
