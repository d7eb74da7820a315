"""Long work in a process of its own. The work here is real: small corpora, the lexical embedder."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine.building.spec import spec
from engine.dataset.dataset import Dataset
from engine.errors import EngineError, NotFound
from engine.jobs import jobs
from engine.jobs.reporter import left_in_part
from engine.registry import Json
from tests.engine.small import corpus

ROOT = Path(__file__).resolve().parents[3]


def many(tmp_path: Path, n: int) -> Dataset:
    words = "rain river stone bread wolf lamp ship glass moon salt".split()
    return corpus(
        tmp_path, {"text": [" ".join(words[(i * k + i // 7) % 10] for k in range(1, 9)) + f" {i}" for i in range(n)]}
    )


def embedding(**params: Json) -> dict[str, Json]:
    return {"do": "build", "items": [["lexical", spec("embedding", "lexical", params).json()]]}


def until(what: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_a_job_does_its_work_and_says_how_it_went(tmp_path: Path) -> None:
    data = many(tmp_path, 60)
    id = jobs.start(data.store, embedding(dimensions=8), "Embed")
    job = jobs.wait(data.store, id, 120)
    assert (job.status, job.error, job.title) == ("done", "", "Embed")
    assert job.result == {"built": ["lexical"]}
    assert Dataset.load(data.store).embedding("lexical").grid.shape == (60, 8)
    assert "embedding" in jobs.log(data.store, id)
    assert [j.id for j in jobs.all_jobs(data.store)] == [id]


def test_work_that_cannot_be_done_ends_with_the_message_for_the_person(tmp_path: Path) -> None:
    data = many(tmp_path, 5)
    id = jobs.start(
        data.store, {"do": "build", "items": [["x", {"family": "embedding", "member": "lexica", "params": {}}]]}
    )
    job = jobs.wait(data.store, id, 120)
    assert job.status == "failed"
    assert "Did you mean 'lexical'?" in job.error
    odd = jobs.wait(data.store, jobs.start(data.store, {"do": "dance"}), 120)
    assert (
        odd.error
        == "No work is called 'dance'. There is: build, prepare, preview, fit, distil, pick, evidence, export, open."
    )


def test_a_job_reads_from_the_folders_that_came_with_it_only(tmp_path: Path) -> None:
    data = many(tmp_path, 5)
    (tmp_path / "in").mkdir()
    np.save(tmp_path / "in" / "v.npy", np.eye(5, dtype=np.float32))
    np.save(tmp_path / "out.npy", np.eye(5, dtype=np.float32))
    (tmp_path / "in" / "link.npy").symlink_to(tmp_path / "out.npy")
    (tmp_path / "in" / "link.csv").symlink_to(tmp_path / "small.csv")
    ended = {}
    for path in ("in/v.npy", "in/link.npy"):
        made = spec("embedding", "given", {"path": str(tmp_path / path)}).json()
        work: dict[str, Json] = {"do": "build", "items": [["mine", made]], "allowed": [str(tmp_path / "in")]}
        ended[path] = jobs.wait(data.store, jobs.start(data.store, work), 120)
    opening: dict[str, Json] = {"do": "open", "paths": [str(tmp_path / "in" / "link.csv")], "name": "x"}
    opening["allowed"] = [str(tmp_path / "in")]
    ended["open"] = jobs.wait(data.store, jobs.start(data.store, opening), 120)
    assert ended["in/v.npy"].status == "done"
    assert [ended[name].status for name in ("in/link.npy", "open")] == ["failed", "failed"]
    assert "outside the allowed folders" in ended["in/link.npy"].error
    assert "outside the allowed folders" in ended["open"].error


def test_an_identical_job_that_runs_is_joined_and_cancel_stops_it(tmp_path: Path) -> None:
    data = many(tmp_path, 30_000)
    id = jobs.start(data.store, embedding())
    assert jobs.start(data.store, embedding()) == id
    until(lambda: jobs.state(data.store, id).stage == "learning weights")
    running = jobs.state(data.store, id)
    assert running.total == 10_000
    assert running.status == "running"
    pid = json.loads((data.store.jobs_folder / id / "process.json").read_text())["pid"]
    job = jobs.cancel(data.store, id)
    assert job.status == "cancelled"
    assert "What was finished is kept" in job.error  # it stopped by itself
    assert not psutil.pid_exists(pid)


def test_a_job_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    data = many(tmp_path, 60)
    id = jobs.start(data.store, embedding(dimensions=8))
    pid = json.loads((data.store.jobs_folder / id / "process.json").read_text())["pid"]
    os.kill(pid, signal.SIGSTOP)  # deaf, as inside a long call of a library
    assert jobs.GRACE < 2
    assert jobs.cancel(data.store, id).status == "cancelled"
    assert not psutil.pid_exists(pid)


def test_a_killed_job_is_shown_as_stopped_and_can_be_resumed(tmp_path: Path) -> None:
    data = many(tmp_path, 60)
    id = jobs.start(data.store, embedding(dimensions=8))
    os.kill(json.loads((data.store.jobs_folder / id / "process.json").read_text())["pid"], signal.SIGKILL)
    until(lambda: jobs.state(data.store, id).status == "stopped")
    assert jobs.state(data.store, id).can_resume
    assert jobs.resume(data.store, id) == id
    assert jobs.wait(data.store, id, 120).status == "done"
    with pytest.raises(EngineError, match="finished"):
        jobs.resume(data.store, id)


def test_a_number_of_a_process_that_was_given_out_again_is_not_taken_for_the_job(tmp_path: Path) -> None:
    data = many(tmp_path, 5)
    id = jobs.start(data.store, embedding(dimensions=3))
    jobs.wait(data.store, id, 120)
    folder = data.store.jobs_folder / id
    (folder / "state.json").write_text('{"format": 2, "status": "running"}')
    (folder / "process.json").write_text(json.dumps({"format": 2, "pid": os.getpid(), "process_started": 1.0}))
    assert jobs.state(data.store, id).status == "stopped"
    jobs.cancel(data.store, id)  # and this process, which has the number now, is left alone


def test_a_job_outlives_the_process_that_started_it(tmp_path: Path) -> None:
    data = many(tmp_path, 60)
    code = (
        "import sys, json; from engine import jobs; from engine.store import Store;"
        "print(jobs.start(Store(sys.argv[1]), json.loads(sys.argv[2])))"
    )
    starter = [sys.executable, "-c", code, str(data.store.folder), json.dumps(embedding(dimensions=8))]
    id = subprocess.run(starter, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    assert jobs.wait(data.store, id, 120).status == "done"


@pytest.mark.parametrize(
    ("seconds", "in_stage", "in_part", "expected", "left"),
    [
        (None, 0, 0, 0, None),  # nothing is known
        (None, 0, 0, 60, 60),  # only what was expected
        (1, 1, 1, 60, 59),  # a short stage at the start says little
        (100, 20, 25, 60, 100),  # the long stage knows better than what was expected
        (3, 10, 12, 60, 3),  # also when it is faster
        (500, 1.2, 2, 60, 0.1 * 500 + 0.9 * 58),  # its first moments, with everything cold, say little
        (5, 1, 1, 0, 5),  # nothing was expected: the stage alone
    ],
)
def test_the_time_left_trusts_the_stage_that_matters(
    seconds: float | None, in_stage: float, in_part: float, expected: float, left: float | None
) -> None:
    assert left_in_part(seconds, in_stage, in_part, expected) == left


def test_a_job_that_is_not_there_is_said(tmp_path: Path) -> None:
    data = many(tmp_path, 1)
    with pytest.raises(NotFound, match="There is no job '../x'"):
        jobs.state(data.store, "../x")
    assert jobs.all_jobs(data.store) == []


def test_a_job_that_has_nothing_to_do_is_done_and_says_so(tmp_path: Path) -> None:
    data = many(tmp_path, 30)
    for work in ({"do": "preview"}, embedding(dimensions=8), embedding(dimensions=8)):
        job = jobs.wait(data.store, jobs.start(data.store, work, "work"), 120)
        assert job.status == "done"
    words = [job.words for job in jobs.all_jobs(data.store)]
    assert sorted(words) == ["Done.", "Nothing to do: all is there.", "Nothing to do: all is there."]


def test_a_stage_of_unknown_length_has_no_share_and_says_what_it_does() -> None:
    loading = jobs.Job(stage="loading the model", item=0, items=3, seconds_left=42.0)
    assert (loading.share, loading.words) == (None, "Part 1 of 3: loading the model … · about 42 s left")
    counted = jobs.Job(stage="embedding", done=50, total=200, seconds_left=0.4)
    assert (counted.share, counted.words) == (0.25, "Embedding, 50 of 200")
    assert jobs.Job(stage="Reading", done=500, total=1_500_000).words == "Reading, 500 bytes of 1.5 MB"
    assert jobs.Job(stage="Finding topics", done=1, total=2).share is None
    assert jobs.Job(status="failed", error="No such column.").words == "No such column."
