"""The optimistic lock of forms."""

import pytest

from salon.platform.versions import StaleVersion, check_version


@pytest.mark.parametrize(("read", "current"), [(3, 4), (4, 3), ("", "a1"), (0, 1)])
def test_a_form_read_at_another_version_is_refused(read: object, current: object) -> None:
    with pytest.raises(StaleVersion, match="Relisez-les"):
        check_version(read, current)


@pytest.mark.parametrize("version", [0, 7, "a1"])
def test_a_form_read_at_the_current_version_is_taken(version: object) -> None:
    check_version(version, version)
    assert StaleVersion.status == 409
