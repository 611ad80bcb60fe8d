"""What is granted to an exhibitor, beside what the price list asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from salon.billing.queries.sales import sales_of
from salon.exhibitors.engine.negotiation import negotiated_lines
from salon.exhibitors.engine.pricing import PricedLine
from salon.exhibitors.models import Exhibitor, NegotiatedLine
from salon.exhibitors.queries.charges import granted_to, list_lines_for
from salon.platform.database.versions import stamp_of


@dataclass(frozen=True)
class LineCharged:
    """A line of today's price; `list_line` is None for a free line, `grant` where none is given."""

    charged: PricedLine
    list_line: PricedLine | None
    grant: NegotiatedLine | None


@dataclass(frozen=True)
class Negotiation:
    """The lines charged today, grants of lines that the exhibitor has no more, former grants.

    `stamp` is a digest of what the page shows.
    """

    lines: Sequence[LineCharged]
    idle_grants: Sequence[NegotiatedLine]
    former_grants: Sequence[NegotiatedLine]
    stamp: str


def negotiation_of(exhibitor: Exhibitor) -> Negotiation:
    grants = granted_to(exhibitor.id)
    standing = [grant for grant in grants if grant.withdrawn_at is None]
    by_code = {grant.item.code: grant for grant in standing if grant.item is not None}
    list_lines = list_lines_for(exhibitor)
    charged_lines = negotiated_lines(list_lines, standing)
    free_lines = charged_lines[len(list_lines) :]
    free_grants = [grant for grant in standing if grant.item is None]
    last_document_id = max((document.id for document in sales_of(exhibitor.id)), default=0)
    codes = {line.code for line in list_lines}
    return Negotiation(
        [
            *(
                LineCharged(charged, line, by_code.get(line.code))
                for charged, line in zip(charged_lines, list_lines, strict=False)
            ),
            *(
                LineCharged(charged, None, grant)
                for charged, grant in zip(free_lines, free_grants, strict=True)
            ),
        ],
        [grant for code, grant in by_code.items() if code not in codes],
        [grant for grant in grants if grant.withdrawn_at is not None],
        stamp_of((last_document_id, charged_lines, list_lines, [grant.id for grant in grants])),
    )
