"""An export, and everything that somebody who knows the format may do to it; digests are made to fit where they can."""

import csv
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from engine.building.build import build
from engine.building.spec import spec
from engine.exporting.export import export
from engine.exporting.kept_dropped import digest_of_kept
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.recipe.recipe import ByHand, Recipe, Step
from engine.recipe.run import run
from engine.store.files import digest_of, file_digest

FORMATS = ("parquet", "jsonl", "csv")
Tampering = Callable[[Path], object]


def good(folder: Path, format: str, *, rows: int = 60, seed: int = 1) -> Path:
    """A corpus with missing cells, and an export of it with filters, a list, a pin, a step that is off and a choice."""
    rng = np.random.default_rng(seed)
    words = ["red", "green", "blue", "sky", "rain", "sun", "apple", "cold", "wet", "hot"]
    path = folder / "source.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["id", "text", "topic", "stars", "day", "x"])
        for i in range(rows):
            text = " ".join(rng.choice(words, rng.integers(3, 12)))
            stars, day = rng.choice(["", "1", "2", "3"]), f"2024-{rng.integers(1, 13):02}-11"
            out.writerow([f"r{i}", text if i % 9 else "", ["a", "b", "c"][i % 3], stars, day, f"{i / 7:.4f}"])
    data = open_source([path], folder / "w", name="base", options=SourceOptions(text="text", id="id"))
    data = build(data, {"characters": spec("signal", "characters")})
    listed = data.store.write_ref("rows", {"keys": data.keys(np.arange(10, 16))})
    pinned = data.store.write_ref("rows", {"keys": data.keys(np.array([rows - 1]))})
    steps = (
        Step("missing", {"column": "text"}),
        Step("number_range", {"column": "characters", "low": 14}, name="long enough"),
        Step("listed", {"listed": listed, "do": "drop", "label": "some"}),
        Step("values", {"column": "topic", "values": ["a"]}, on=False),
        Step("random", {"budget": rows // 3, "seed": 3}),
    )
    recipe = Recipe(name="t", steps=tuple(s.checked() for s in steps), by_hand=ByHand(drop=pinned))
    export(run(data, recipe), folder / "good", format=format, signals=["characters"], rank=True)
    return folder / "good"


def fitted(d: Path, change: Callable[[dict[str, object]], object] = lambda m: None) -> None:
    """Change the manifest, and make it fit the files and itself again."""
    body = json.loads((d / "manifest.json").read_text())
    for f in body["files"]:
        if (path := d / f["path"]).is_file():
            f["bytes"], f["sha256"] = path.stat().st_size, file_digest(path)
    change(body)
    body.pop("digest", None)
    text = json.dumps({**body, "digest": digest_of(body)}, indent=1, ensure_ascii=False) + "\n"
    (d / "manifest.json").write_text(text)


def at(path: str, value: object) -> Tampering:
    """Another value at a place of the manifest, such as `steps.1.kept`; a function of the one that is there, or it."""

    def change(body: dict[str, object]) -> None:
        *above, last = path.split(".")
        place: object = body
        for key in above:
            place = place[int(key) if isinstance(place, list) else key]  # type: ignore[index]
        key = int(last) if isinstance(place, list) else last
        place[key] = value(place[key]) if callable(value) else value  # type: ignore[index]

    return lambda d: fitted(d, change)


def data_file(d: Path) -> Path:
    return next(p for p in d.iterdir() if p.suffix in (".parquet", ".jsonl", ".csv") and p.name.startswith("data"))


def rows(change: Callable[[list[dict[str, object]]], list[dict[str, object]]]) -> Tampering:
    """Other rows in the data file, with digests that fit."""

    def tamper(d: Path) -> None:
        path = data_file(d)
        if path.suffix == ".parquet":
            _table(path, change)
        elif path.suffix == ".jsonl":
            lines = change([json.loads(line) for line in path.read_text().splitlines()])
            path.write_text("".join(json.dumps(one, separators=(",", ":")) + "\n" for one in lines))
        else:
            held = change(list(csv.DictReader(io.StringIO(path.read_text()))))
            lines = [",".join(f'"{name}"' for name in held[0])]
            for one in held:  # as it was written: texts in quotes, what is missing as nothing
                lines.append(",".join(f'"{v}"' if k in ("id", "text", "topic") else str(v) for k, v in one.items()))
            path.write_text("\n".join([*lines, ""]))
        fitted(d)

    return tamper


def table(name: str, change: Callable[[list[dict[str, object]]], list[dict[str, object]]]) -> Tampering:
    """Other rows in kept.parquet or dropped.parquet, with digests that fit."""

    def tamper(d: Path) -> None:
        _table(d / name, change)
        digest = digest_of_kept(d / "kept.parquet")[0]
        fitted(d, lambda m: m["rows"].update(digest=digest))  # type: ignore[attr-defined]

    return tamper


def _table(path: Path, change: Callable[[list[dict[str, object]]], list[dict[str, object]]]) -> None:
    old = pq.read_table(path)
    pq.write_table(pa.Table.from_pylist(change(old.to_pylist()), old.schema), path, compression="zstd")


def put(at_row: int, /, **values: object) -> Callable[[list[dict[str, object]]], list[dict[str, object]]]:
    return lambda rows: [r | values if i == at_row else r for i, r in enumerate(rows)]


def swapped(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [*rows[:3], rows[4], rows[3], *rows[5:]]


def changed(name: str, change: Callable[[bytes], bytes]) -> Tampering:
    """Other bytes in a file, without any digest."""
    return lambda d: (d / name).write_bytes(change((d / name).read_bytes()))


def flip(at: float) -> Callable[[bytes], bytes]:
    def change(body: bytes) -> bytes:
        place = int(at * (len(body) - 1))
        return body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]

    return change


def recipe(change: Callable[[dict[str, object]], object], **manifest: object) -> Tampering:
    """Another recipe, with the digests that fit; manifest: other fields of it, such as `steps__1__sentence`."""

    def tamper(d: Path) -> None:
        body = json.loads((d / "recipe.json").read_text())
        change(body)
        made = Recipe.from_json(body)
        (d / "recipe.json").write_text(made.text())
        fitted(d, lambda m: m["recipe"].update(digest=made.digest))  # type: ignore[attr-defined]
        for place, value in manifest.items():
            at(place.replace("__", "."), value)(d)

    return tamper


def other_ref(d: Path) -> None:
    """A list with another row in it, under the name of its bytes, in the recipe and the manifest too."""
    path = next(p for p in (d / "refs").iterdir() if "r12" in p.read_text())
    body = path.read_bytes().replace(b'"r12"', b'"r20"')
    path.write_bytes(body)
    name = file_digest(path)
    path.rename(path.with_name(f"{name}.json"))
    for file in ("recipe.json", "manifest.json"):
        (d / file).write_text((d / file).read_text().replace(path.stem, name))
    digest = Recipe.from_text((d / "recipe.json").read_text()).digest
    fitted(d, lambda m: m["recipe"].update(digest=digest))  # type: ignore[attr-defined]


def other_row(d: Path) -> None:
    """A row that was dropped in place of one that was kept: data, kept, dropped and digests, all made to fit."""
    kept, gone = (pq.read_table(d / f"{n}.parquet").to_pylist() for n in ("kept", "dropped"))
    new = next(r for r in gone if r["step"] == 4)
    with (d.parent / "source.csv").open(newline="") as file:
        source = {r["id"]: r for r in csv.DictReader(file)}[new["key"]]
    old = kept[0]
    text = {**source, "characters": len(source["text"])}
    if data_file(d).suffix != ".csv":
        text |= {"stars": int(source["stars"]) if source["stars"] else None, "x": float(source["x"])}
    if data_file(d).suffix == ".parquet":
        import datetime

        text["day"] = datetime.date.fromisoformat(source["day"])
    rows(put(0, **text))(d)
    again = open_source([d.parent / "source.csv"], d.parent / "w2", options=SourceOptions(text="text", id="id"))
    content = int(again.content(np.array([new["row"]]))[0])
    table("kept.parquet", put(0, key=new["key"], row=new["row"], content=content))(d)

    def gone_instead(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        left = [r | {"key": old["key"], "row": old["row"]} if r["row"] == new["row"] else r for r in rows]
        return sorted(left, key=lambda r: (r["step"], r["row"]))

    table("dropped.parquet", gone_instead)(d)


def linked(name: str) -> Tampering:
    """A file that became a link to its copy elsewhere."""

    def tamper(d: Path) -> None:
        path = data_file(d) if name == "data" else d / name
        away = d.parent / f"away-{d.name}-{path.name}"
        shutil.move(path, away)
        path.symlink_to(away)

    return tamper


def listed_too(name: str) -> Tampering:
    """A file that is put beside the others, and into the list."""

    def tamper(d: Path) -> None:
        path = d / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
        one = {"path": name, "bytes": 2, "sha256": file_digest(path)}
        fitted(d, lambda m: m["files"].append(one))  # type: ignore[attr-defined]

    return tamper


BYTES: Mapping[str, Tampering] = {
    **{f"a bit in {name} at {a}": changed(name, flip(a))
       for name in ("dropped.parquet", "kept.parquet", "recipe.json", "README.md", "manifest.json")
       for a in (0.1, 0.6)},
    **{f"a bit in the data at {a}": (lambda d, a=a: changed(data_file(d).name, flip(a))(d)) for a in (0.0, 0.4, 1.0)},
    "a bit in a ref": lambda d: changed(f"refs/{next((d / 'refs').iterdir()).name}", flip(0.5))(d),
    "the data ends early": lambda d: os.truncate(data_file(d), 200),
    "a line break more": lambda d: changed(data_file(d).name, lambda b: b + b"\n")(d),
    "the data is gone": lambda d: data_file(d).unlink(),
    **{f"{name} is gone": (lambda d, name=name: (d / name).unlink())
       for name in ("dropped.parquet", "kept.parquet", "recipe.json", "README.md")},
    "the refs are gone": lambda d: shutil.rmtree(d / "refs"),
    "a file more": lambda d: (d / "x.txt").write_text("x"),
    "a hidden file more": lambda d: (d / ".x").write_text("x"),
    "a ref more": lambda d: (d / "refs" / f"{'0' * 64}.json").write_text("{}"),
    "an empty folder more": lambda d: (d / "sub").mkdir(),
    "a link more": lambda d: (d / "l").symlink_to(d.parent),
    "a link to nowhere more": lambda d: (d / "l").symlink_to("/nowhere"),
    "a pipe more": lambda d: os.mkfifo(d / "f"),
    "a signature that is none": lambda d: (d / "manifest.json.sig").write_text("me"),
    "the data is a link": linked("data"),
    "kept.parquet is a link": linked("kept.parquet"),
    "the manifest is a link": linked("manifest.json"),
    "the manifest with other blanks": lambda d: (d / "manifest.json").write_text(
        json.dumps(json.loads((d / "manifest.json").read_text()))),
    "the manifest with another count": changed("manifest.json", lambda b: b.replace(b'"kept": 20', b'"kept": 21', 1)),
}  # fmt: skip
"""Without any digest made to fit: plain verifying sees every one."""

FITTED: Mapping[str, Tampering] = {
    # the data
    "a cell": rows(put(7, text="FORGED")),
    "a number": rows(put(7, x=99.5)),
    "a topic": rows(put(7, topic="zz")),
    "a cell that is missing now": rows(put(2, topic=None)),
    "two rows swapped": rows(swapped),
    "rows backwards": rows(lambda r: r[::-1]),
    "a row twice": rows(lambda r: [*r[:5], r[6], *r[6:]]),
    "a row more": rows(lambda r: [*r, r[0]]),
    "a row less": rows(lambda r: r[:-1]),
    "a rank": rows(put(5, rank=19)),
    "an id": rows(put(5, id="r59")),
    "a column less": rows(lambda r: [{k: v for k, v in one.items() if k != "topic"} for one in r]),
    # kept and dropped
    "rank of a kept row": table("kept.parquet", put(4, rank=0)),
    "number of a kept row": table("kept.parquet", put(4, row=0)),
    "number of a kept row past the end": table("kept.parquet", put(4, row=10**6)),
    "content of a kept row": table("kept.parquet", put(4, content=7)),
    "kept rows swapped": table("kept.parquet", swapped),
    "a kept row less": table("kept.parquet", lambda r: r[:-1]),
    "number of a dropped row": table("dropped.parquet", put(0, row=5)),
    "key of a dropped row is that of another": table("dropped.parquet", lambda r: put(3, key=r[4]["key"])(r)),
    "step of a dropped row": table("dropped.parquet", put(0, step=2)),
    "a dropped row is called unfit": table("dropped.parquet", put(0, step=-1)),
    "reason of a dropped row": table("dropped.parquet", put(3, reason="because")),
    "a reason that is missing": table("dropped.parquet", put(3, reason=None)),
    "dropped backwards": table("dropped.parquet", lambda r: r[::-1]),
    "a dropped row less": table("dropped.parquet", lambda r: r[:-1]),
    "a dropped row twice": table("dropped.parquet", lambda r: [*r[:-1], r[0]]),
    "dropped is no table": lambda d: (changed("dropped.parquet", lambda b: b"no table")(d), fitted(d)),
    "kept has other columns": lambda d: (pq.write_table(pa.table({"rank": [0]}), d / "kept.parquet"), fitted(d)),
    "the data is no table": lambda d: (data_file(d).write_bytes(b"\xff\x00"), fitted(d)),
    "the recipe is no recipe": lambda d: ((d / "recipe.json").write_text("[]"), fitted(d)),
    # counts and steps
    "rows.kept": at("rows.kept", 21), "rows.dropped": at("rows.dropped", 1), "rows.total": at("rows.total", 61),
    "rows.written": at("rows.written", 19), "rows.digest": at("rows.digest", "0" * 64),
    "rows that were unfit": lambda d: (at("rows.unfit", {"it is odd": 1})(d), at("rows.written", 19)(d)),
    "before of a step": at("steps.1.before", 5), "kept of a step": at("steps.1.kept", 5),
    "dropped of a step": at("steps.2.dropped", 1), "alone of a step": at("steps.2.alone", 10**6),
    "only of a step": at("steps.2.only", -1), "name of a step": at("steps.2.name", "short"),
    "sentence of a step": at("steps.1.sentence", "Keeps everything."), "do of a step": at("steps.1.do", "text"),
    "number of a step": at("steps.1.step", 9), "a step less": at("steps", lambda s: s[:-1]),
    # the source
    "source.rows": at("source.rows", 61), "source.rows_read": at("source.rows_read", 99),
    "source.rejected": at("source.rejected", 4), "rows of a file": at("source.files.0.rows", 4),
    "rejected of a file": at("source.files.0.rejected", 4), "source.options": at("source.options", {}),
    # the recipe
    "recipe.digest": at("recipe.digest", "0" * 32), "recipe.file": at("recipe.file", "README.md"),
    "recipe.refs": at("recipe.refs", []), "seeds": at("seeds", {"step 5": 99}), "a seed more": at("seeds.x", 1),
    "name": at("name", "u"), "output": at("output.rank", False), "output.params": at("output.params", {"x": 1}),
    "output.format": at("output.format", "messages"), "output.signals": at("output.signals", []),
    "output.columns": at("output.columns", ["id"]), "a member less": at("members", lambda m: dict(list(m.items())[1:])),
    "version of a member": at("members.random", 7), "version of the format": at("members", lambda m: {k: 9 for k in m}),
    "a bound of the recipe": recipe(lambda r: r["steps"][1]["params"].update(low=15)),
    "a step of the recipe off": recipe(lambda r: r["steps"][0].update(on=False)),
    "the name of the recipe": recipe(lambda r: r.update(name="u")),
    # artefacts, columns, files
    "identity of an artefact": at("artefacts.0.identity", "0" * 32),
    "an artefact less": at("artefacts", lambda a: [x for x in a if x["family"] != "signal"]),
    "parameters of an artefact": at("artefacts", lambda a: [
        x | {"origin": x["origin"] | {"spec": x["origin"]["spec"] | {"version": 9}}} for x in a]),
    "file of an artefact": at("artefacts.0.files", lambda f: {k: "x" for k in f}),
    "name of a column": at("columns.1.name", "texts"), "key of a column": at("columns.0.key", "text"),
    "origin of a column": at("columns.1.origin", "added"), "a column less in the list": at("columns", lambda c: c[1:]),
    "data_file": at("data_file", "kept.parquet"), "data_file outside": at("data_file", "../good/kept.parquet"),
    "files with ../": at("files", lambda f: [*f, f[0] | {"path": "../good/manifest.json"}]),
    "files with a whole path": at("files", lambda f: [*f, f[0] | {"path": "/etc/passwd"}]),
    "files with ./": at("files", lambda f: [f[0] | {"path": "./README.md"}, *f[1:]]),
    "a file twice": at("files", lambda f: [*f, f[0]]), "a file less": at("files", lambda f: f[1:]),
    "a file more, listed": listed_too("x.txt"), "a ref more, listed": listed_too(f"refs/{'0' * 64}.json"),
    "negative size": at("files.0.bytes", -1), "digest that is none": at("files.0.sha256", "x"),
    # what people run
    "command": at("command", "rm -rf ~"), "command with another behind it": at("command", lambda c: f"{c}; rm -rf ~"),
    "python": at("python", "import os\n"), "python with more": at("python", lambda p: f"{p}print(1)\n"),
    "python with a call": at("python", lambda p: p.replace("source =", "source = eval('1') or")),
    "created": at("created", "yesterday"), "created without a zone": at("created", "2024-01-01T00:00:00"),
    # types
    **{f"{place} is {value!r}": at(place, value) for place, value in (
        ("rows", []), ("rows.kept", "many"), ("rows.kept", True), ("rows.kept", None), ("rows.kept", 1.5),
        ("steps", {}), ("steps.0", []), ("steps.0.step", "1"), ("files", None),
        ("files.0", {"path": "README.md"}), ("source", "x"),
        ("source.files", [1]), ("source.options", []), ("recipe.refs", "x"), ("columns.0.name", 5), ("output", None),
        ("output.format", "nope"), ("output.file", "/etc/passwd"), ("artefacts.0.origin", {}), ("seeds", []),
        ("versions", {"python": 3}), ("members.random", "1"), ("created", 5), ("data_file", {}), ("data_file", ""),
        ("rows.total", 10**40), ("rows.unfit", {"a": -1}), ("files.0.path", "a\0b"), ("python", "\0"),
    )},
    "a field more": lambda d: fitted(d, lambda m: m.update(x=1)),
    "a field less": lambda d: fitted(d, lambda m: m.pop("rows")),
    "the manifest is a list": lambda d: (d / "manifest.json").write_text('["writer", {"writer": "winnow"}]'),
    "nan": lambda d: (d / "manifest.json").write_text(
        (d / "manifest.json").read_text().replace('"kept": 20', '"kept": NaN', 1)),
    "too deep": lambda d: (d / "manifest.json").write_text(
        '{"format": 2, "writer": "winnow", "name": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    "too long a number": lambda d: (d / "manifest.json").write_text(
        '{"format": 2, "writer": "winnow", "name": ' + "9" * 10_000 + "}"),
    "half a surrogate pair": lambda d: (d / "manifest.json").write_text(
        (d / "manifest.json").read_text().replace('"name": "t"', '"name": "\\ud800"', 1)),
}  # fmt: skip
"""With every digest made to fit: plain verifying sees these too, as something else does not fit."""

ONLY_REBUILT: Mapping[str, Tampering] = {
    "a signal": rows(put(5, characters=1)),
    "a row and all that says so": other_row,
    "key of a kept row": table("kept.parquet", put(4, key="another")),
    "key of a dropped row": table("dropped.parquet", put(3, key="another")),
    "the value in a reason": table("dropped.parquet", lambda r: [
        one | {"reason": one["reason"].replace("is ", "is 1")} if one["step"] == 2 else one for one in r]),
    "the data card": lambda d: (changed("README.md", lambda b: b"hello")(d), fitted(d)),
    "the command in the data card": lambda d: (
        changed("README.md", lambda b: b.replace(b"winnow run", b"rm -rf ~; winnow run"))(d), fitted(d)),
    "another command of Winnow": at("command", "winnow run elsewhere"),
    "another folder to replay": at("python", lambda p: p.replace("again", "once more")),
    "name of the dataset": at("source.dataset", "another"),
    "SHA-256 of the source": at("source.files.0.sha256", "0" * 64), "size of the source": at("source.files.0.bytes", 4),
    "name of a source file": at("source.files.0.name", "other.csv"),
    "format of a source file": at("source.files.0.format", "jsonl"),
    "facts of a source file": at("source.files.0.facts", {"encoding": "x"}),
    "fingerprint": at("source.fingerprint", "0" * 32),
    "drift": at("source.drift", [{"file": "f", "column": "x", "row": 3, "before": "integer", "after": "text"}]),
    "path of the source": at("source.files.0.path", "/etc/hostname"),
    "alone of a step, as it could be": at("steps.2.alone", lambda n: n + 1),
    "notes of a step": at("steps.4.notes", lambda n: {**n, "short": 5}),
    "key of an artefact": at("artefacts.0.key", "another"),
    "digest of an artefact's file": at("artefacts.0.files", lambda f: dict.fromkeys(f, "0" * 64)),
    "type of a column": at("columns.1.type", "string"), "what a column's text stands for": at("columns.1.held", "x"),
    "a ref and all that names it": other_ref,
    "a step of the recipe and all that says so": recipe(
        lambda r: r["steps"][1]["params"].update(low=20), steps__2__sentence=lambda s: s.replace("14", "20")),
}  # fmt: skip
"""All that plain verifying looks at fits: only a rebuild from the source sees it."""

LABELS: Mapping[str, Tampering] = {
    "created": at("created", "1999-01-01T00:00:00+00:00"), "versions": at("versions.python", "2.7"),
    "notes of an artefact": at("artefacts.0.notes", {"x": 1}),
    "revision": at("source.revision", 7),
    "another command of Winnow, in the data card too": lambda d: (
        changed("README.md", lambda b: b.replace(b"winnow run", b"winnow run elsewhere"))(d),
        at("command", lambda c: c.replace("winnow run", "winnow run elsewhere"))(d)),
    "name of the dataset, in the data card too": lambda d: (
        changed("README.md", lambda b: b.replace(b"rows of base", b"rows of another"))(d),
        at("source.dataset", "another")(d)),
}  # fmt: skip
"""Who, when and where: nothing follows from it, so a signature alone sees it."""


def tampered(good: Path, tamper: Tampering) -> Iterator[Path]:
    """A copy of an export that was tampered with."""
    copy = good.parent / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(good, copy)
    tamper(copy)
    yield copy
    for left in good.parent.glob("away-*"):
        left.unlink()
