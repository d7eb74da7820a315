"""The kinds of indexes, in order of preference: the first that suits the vectors and the machine is taken."""

from collections.abc import Mapping

from indexes.about import Index
from indexes.exact import Exact
from indexes.ivf import Ivf

INDEXES: Mapping[str, type[Index]] = {index.kind: index for index in (Exact, Ivf)}
