from collections.abc import Iterator

import pytest

from tests.commands import own_files


@pytest.fixture(autouse=True)
def files_read_here() -> Iterator[None]:
    """Read files without a process for each: what it is bounded by is tested where it is."""
    with own_files():
        yield
