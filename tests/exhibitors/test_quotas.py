"""How many badges a stand is given."""

import pytest

from salon.exhibitors.engine.quotas import staff_quota
from salon.exhibitors.models import ExhibitorTerms, PriceItem, WantedOption


def terms(**overrides: int) -> ExhibitorTerms:
    return ExhibitorTerms(
        **{"badges_base": 2, "badges_base_area": 9, "badges_area_step": 10, **overrides}
    )


@pytest.mark.parametrize(
    ("area", "badges", "why"),
    [
        (0, 2, "a pavilion has the base"),
        (6, 2, "below the base area"),
        (9, 2, "the base area itself"),
        (9.5, 3, "a step begun counts"),
        (19, 3, "one step, whole"),
        (20, 4, "a second one begun"),
        (30, 5, "21 m² beyond: three steps begun"),
        (3.3 * 3 + 9.1, 3, "19 m², whatever binary fractions say"),
        (120, 14, "the largest stand"),
    ],
)
def test_the_quota_grows_with_the_area(area: float, badges: int, why: str) -> None:
    assert staff_quota(area, terms(), []) == badges, why


def test_options_bring_badges() -> None:
    badge = PriceItem(extra_badges=1)
    lunch = PriceItem(extra_badges=0)
    wanted_options = [WantedOption(item=badge, quantity=3), WantedOption(item=lunch, quantity=9)]
    assert staff_quota(9, terms(), wanted_options) == 5


def test_the_terms_decide() -> None:
    assert staff_quota(50, terms(badges_base=4, badges_base_area=20, badges_area_step=15), []) == 6
