"""The optimistic lock of forms."""

import pytest

from salon.platform.database.versions import StaleVersion, check_version, stamp_of


@pytest.mark.parametrize(("read", "current"), [(3, 4), (4, 3), ("", "a1"), (0, 1)])
def test_a_form_read_at_another_version_is_refused(read: object, current: object) -> None:
    with pytest.raises(StaleVersion, match="Relisez-les"):
        check_version(read, current)


@pytest.mark.parametrize("version", [0, 7, "a1"])
def test_a_form_read_at_the_current_version_is_taken(version: object) -> None:
    check_version(version, version)
    assert StaleVersion.status == 409


def test_a_stamp_is_that_of_its_facts_alone() -> None:
    assert stamp_of([(1, "a")]) == stamp_of([(1, "a")])
    assert len({stamp_of(facts) for facts in ([], [(1, "a")], [(1, "b")])}) == 3
