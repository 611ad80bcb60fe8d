"""An act in one edition of the fair."""

from dataclasses import dataclass, field
from typing import Self

from salon.fair.models import Edition
from salon.platform.database.act import Act


@dataclass(frozen=True)
class FairAct(Act):
    """An act whose service needs the edition: `edition` is the one that it changes."""

    edition: Edition = field(kw_only=True)

    @classmethod
    def of(cls, act: Act, edition: Edition) -> Self:
        """Return the same act in an edition."""
        return cls(act.actor, act.now, act.hold, edition=edition)
