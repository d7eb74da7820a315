import pytest

from indexes.choose import choose

GIB = 1 << 30
MIB = 1 << 20  # too little for any kind that holds something for each vector


@pytest.mark.parametrize(
    ("m", "device", "memory", "kind"),
    [
        (0, "cpu", 8 * GIB, "exact"),
        (63_666, "cpu", 8 * GIB, "exact"),
        (1_000_000, "cpu", 8 * GIB, "ivf"),
        (1_000_000, "cpu", MIB, "exact"),
        (1_000_000, "torch-gpu", 8 * GIB, "exact"),
        (1_000_000, "faiss-gpu", 8 * GIB, "exact"),
        (20_000_000, "torch-gpu", 100 * GIB, "ivf"),
    ],
)
def test_the_kind_follows_from_rows_machine_and_memory(m, device, memory, kind):
    choice = choose(m, 384, cores=2, device=device, memory_bytes=memory)
    assert choice.kind == kind
    assert choice.device == device


def test_the_reason_names_the_number_that_decided():
    assert choose(1_000_000, 384, cores=2, device="cpu", memory_bytes=8 * GIB).reason == (
        "Inverted lists: exact neighbours of 1,000,000 vectors of 384 dimensions would take 3.6 h on 2 cores."
    )
    assert "GiB free" in choose(1_000_000, 384, cores=2, device="cpu", memory_bytes=MIB).reason


def test_more_cores_allow_exact_search_of_more_rows():
    assert choose(300_000, 384, cores=2, device="cpu", memory_bytes=8 * GIB).kind == "ivf"
    assert choose(300_000, 384, cores=64, device="cpu", memory_bytes=8 * GIB).kind == "exact"
