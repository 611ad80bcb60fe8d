"""Sixty questions of visitors to the plan, in their words, with the place that answers them."""

import csv
import html
import re
from pathlib import Path

from salon.fair.models import Stand
from salon.fair.services import load_edition, open_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.installation import ROOT
from tests.exhibitors.make import make_exhibitor
from tests.pages import PageClient

QUESTIONS = Path(__file__).with_name("plan_questions.csv")
EXHIBITORS = {"209": "Éclairage du Biterrois", "104": "Lumières de l’Agly", "212": "Les Mâts d’Oc"}
ANSWER = re.compile(r'rows__link" href="[^"]*#([\w-]+)"[^>]*>([^<]*)</a>')


def answers(client: PageClient, question: str) -> list[str]:
    page = html.unescape(client.get("/plan", query_string={"q": question}).get_data(as_text=True))
    _, _, answers = page.partition('id="plan-found"')
    return [
        anchor.replace("-", " ") if anchor.startswith("stand-") else name.partition(", acc")[0]
        for anchor, name in ANSWER.findall(answers.partition("</section>")[0])
    ]


def test_the_plan_answers_in_the_words_of_visitors(client: PageClient) -> None:
    """What is asked for is among the first four answers."""
    edition = load_edition(Act(SYSTEM), ROOT / "seed_data" / "2021")
    open_edition(Act(SYSTEM), edition.id)
    stands = {stand.number: stand for stand in current_session().query(Stand)}
    for number, name in EXHIBITORS.items():
        make_exhibitor(edition, stand=stands[number], name=name)
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) >= 60
    wrong = {
        row["question"]: places
        for row in rows
        if row["attendu"] not in (places := answers(client, row["question"]))[:4]
    }
    assert not wrong, wrong
