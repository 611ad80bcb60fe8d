"""Nothing that other services read names or reaches a person of the demonstration."""

import re
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.fair.queries import themes_of
from salon.platform.database.db import current_session, db
from salon.platform.settings import clock
from tests.pages import PageClient
from tests.reads.make import make_token, pages, read

ADDRESSES = ("email", "email_key", "contact_email", "phone", "contact_phone", "reply_to")
PUBLISHED = {"editions"}
"""Tables whose addresses are the organiser's own, on every public page."""


def personal_texts() -> Iterator[tuple[str, str]]:
    """Yield (column, text) of each full name, address and telephone number."""
    for table in db.metadata.sorted_tables:
        columns = table.columns
        if "first_name" in columns and "last_name" in columns:
            rows = select(columns["first_name"], columns["last_name"])
            for first_name, last_name in current_session().execute(rows):
                yield f"{table.name}.last_name", f"{first_name} {last_name}"
        if "display_name" in columns:
            companies = set(current_session().scalars(select(Exhibitor.name)))
            for name in current_session().scalars(select(columns["display_name"])):
                if name not in companies:
                    yield f"{table.name}.display_name", name
        for name in ADDRESSES:
            if name in columns and table.name not in PUBLISHED:
                for text in current_session().scalars(select(columns[name])):
                    yield f"{table.name}.{name}", text or ""
    for (speakers,) in current_session().execute(
        select(db.metadata.tables["programme_items"].columns["speakers"])
    ):
        yield from (("programme_items.speakers", speaker["name"]) for speaker in speakers)


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def test_no_answer_holds_the_name_the_address_or_the_number_of_anybody(
    client: PageClient, edition: Edition
) -> None:
    token, slug = make_token(edition), edition.slug
    answers = [read(client, token, slug).text]
    for name in ("exhibitors", "programme", "themes"):
        answers += map(str, pages(client, token, f"{slug}/{name}?limit=20"))
    for theme in themes_of(edition):
        answers.append(read(client, token, f"{slug}/themes/{theme.slug}/slots").text)
    assert sum(answer.count("taken") for answer in answers) > 0
    clock.clock.jump(edition.ends_at + timedelta(minutes=1))
    answers.append(read(client, token, f"{slug}/attendance").text)
    text = "\n".join(answers)
    texts = {(column, value) for column, value in personal_texts() if len(value.strip()) > 4}
    assert len({column for column, _ in texts}) > 8
    assert len(texts) > 200
    words, numbers = text.casefold(), digits(text)
    shown = [
        (column, value)
        for column, value in sorted(texts)
        if value.casefold() in words
        or (column.endswith("phone") and digits(value) and digits(value) in numbers)
    ]
    assert shown == []
