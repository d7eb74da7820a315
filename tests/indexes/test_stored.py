import numpy as np
import pytest

from indexes import DamagedIndex, StaleIndex, UnusableIndex, build_ivf, digest, load_index, save_index
from tests.indexes.conftest import clumped_vectors


@pytest.fixture
def stored(tmp_path):
    vectors = clumped_vectors(300)
    index = build_ivf(vectors, nprobe=3)
    path = tmp_path / "lists.ivf"
    save_index(index, path, vectors_digest=digest(vectors))
    return vectors, index, path


def test_a_stored_index_answers_as_before(stored):
    vectors, index, path = stored
    again = load_index(path, vectors, vectors_digest=digest(vectors))
    before, after = index.search(vectors, 7), again.search(vectors, 7)
    np.testing.assert_array_equal(before.rows, after.rows)
    np.testing.assert_array_equal(before.similarities, after.similarities)
    assert again.nprobe == 3


def test_an_index_of_other_vectors_is_refused(stored):
    vectors, _, path = stored
    other = vectors.copy()
    other[7, 0] += 1
    with pytest.raises(StaleIndex, match="other vectors"):
        load_index(path, other, vectors_digest=digest(other))


@pytest.mark.parametrize("place", [0, 20, 0.5, 0.9, -1])
def test_one_changed_byte_is_noticed(stored, place):
    vectors, _, path = stored
    content = bytearray(path.read_bytes())
    at = int(len(content) * place) if isinstance(place, float) else place
    content[at] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(UnusableIndex):
        load_index(path, vectors, vectors_digest=digest(vectors))


@pytest.mark.parametrize("length", [0, 5, 16, 400, -1])
def test_a_cut_file_is_noticed(stored, length):
    vectors, _, path = stored
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(DamagedIndex):
        load_index(path, vectors, vectors_digest=digest(vectors))


def test_the_digest_changes_with_one_value_and_with_the_shape():
    vectors = clumped_vectors(10, d=4)
    changed = vectors.copy()
    changed[9, 3] += 1
    assert len({digest(vectors), digest(changed), digest(vectors.reshape(20, 2))}) == 3
    assert digest(vectors) == digest(vectors.copy(order="F"))


def test_the_same_seed_files_every_row_in_the_same_list():
    vectors = clumped_vectors(300)
    first, second = build_ivf(vectors, nprobe=1, seed=3), build_ivf(vectors, nprobe=1, seed=3)
    np.testing.assert_array_equal(first.search(vectors, 9).rows, second.search(vectors, 9).rows)
