"""Number of staff badges included with a stand."""

from collections.abc import Iterable
from math import ceil

from salon.exhibitors.models import ExhibitorTerms, WantedOption

TOLERANCE = 1e-6
"""A stand of 3.3 × 3 m is 9.9 m², whatever binary fractions say."""


def staff_quota(area: float, terms: ExhibitorTerms, options: Iterable[WantedOption]) -> int:
    """Return the number of badges of a stand of `area` m².

    `badges_base` up to `badges_base_area` m², one more for each `badges_area_step` m² begun beyond,
    and those that the options bring.
    """
    extra_area = max(0.0, area - terms.badges_base_area)
    by_area = ceil(extra_area / terms.badges_area_step - TOLERANCE)
    by_options = sum(option.item.extra_badges * option.quantity for option in options)
    return terms.badges_base + max(0, by_area) + by_options
