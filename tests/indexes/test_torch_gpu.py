import numpy as np
import pytest
import torch

from indexes import Exact, knn_graph, to_grid
from indexes.torch_gpu import TorchTiles, half_is_exact
from tests.indexes.conftest import clumped_vectors


def test_grid_values_are_exact_in_float16():
    integers = np.arange(-2048, 2049)
    values = torch.from_numpy(integers).to(torch.float16) / 2048
    assert (values.to(torch.float64).numpy() * 2048).tolist() == integers.tolist()


def test_where_float16_products_are_not_exact_float32_is_used():
    assert not half_is_exact("cpu")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU that torch sees")
@pytest.mark.parametrize("half", [True, False])
def test_the_gpu_finds_the_same_neighbours(half):
    vectors = clumped_vectors(5000, d=384)
    expected = knn_graph(Exact(vectors), k=30)
    got = knn_graph(Exact(vectors, tiles=TorchTiles(vectors, half=half)), k=30)
    np.testing.assert_array_equal(got[0], expected[0])
    np.testing.assert_array_equal(got[1], expected[1])


def test_vectors_longer_than_the_grid_are_scaled_to_unit_length():
    assert to_grid(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [[1229, 1638], [0, 0]]


@pytest.mark.parametrize("half", [True, False])
def test_vectors_that_stay_on_the_device_come_there_block_by_block(half):
    vectors = to_grid(np.random.default_rng(0).normal(size=(10, 4)))
    tiles = TorchTiles(vectors, device="cpu", half=half)
    resident = tiles._uploaded(vectors, block_rows=3)
    assert resident.dtype == (torch.float16 if half else torch.float32)
    assert (resident.to(torch.float64).numpy() * 2048).tolist() == vectors.tolist()
