"""Categories open online, what they are called, and the places left in each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class OnlineCategory:
    """A category as online registration offers it; `places` None: without limit of its own.

    `is_chosen`: the person chooses it; the others follow from the function.
    """

    category: str
    label: str
    is_open: bool
    is_chosen: bool = False
    places: int | None = None
    registered: int = 0

    @property
    def left(self) -> int | None:
        return None if self.places is None else max(0, self.places - self.registered)


@dataclass(frozen=True)
class OnlinePlaces:
    """The categories in order, and the places of all of them together."""

    categories: tuple[OnlineCategory, ...]
    places: int | None = None

    @property
    def has_limits(self) -> bool:
        return self.places is not None or any(
            category.places is not None for category in self.categories
        )

    @property
    def open_categories(self) -> list[OnlineCategory]:
        return [category for category in self.categories if category.is_open]

    @property
    def is_restricted(self) -> bool:
        """Return whether a category of the usual visitors cannot register online."""
        return any(not row.is_open for row in self.categories if not row.is_chosen)

    @property
    def left(self) -> int | None:
        """Return the places left in all categories together; None without limit."""
        if self.places is None:
            return None
        return max(0, self.places - sum(category.registered for category in self.categories))

    @property
    def is_full(self) -> bool:
        """Return whether nobody can register any more, in any open category."""
        return self.left == 0 or all(category.left == 0 for category in self.open_categories)

    def freeing(self, category: str) -> "OnlinePlaces":
        """Return the same with one person fewer in a category."""
        registered = {row.category: row.registered for row in self.categories}
        registered[category] = max(0, registered.get(category, 0) - 1)
        return self.counting(registered)

    def counting(self, registered: Mapping[str, int]) -> "OnlinePlaces":
        """Return the same with the number of people registered in each category."""
        rows = (replace(row, registered=registered.get(row.category, 0)) for row in self.categories)
        return OnlinePlaces(tuple(rows), self.places)
