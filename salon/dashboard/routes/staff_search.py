"""The search of the staff: a page, and the same answers for the field of the header."""

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from salon.dashboard.access import find_own_search, own_menu
from salon.dashboard.presenters.staff_search import AnswerGroup, answer_groups
from salon.dashboard.routes import blueprint
from salon.platform.database.identity import Domain, Role
from salon.platform.web.access import only
from salon.platform.words.texts import printable_line

LONGEST = 60


@blueprint.get("/organisation/recherche")
@only(*Domain, Role.AGENT)
def staff_search() -> ResponseReturnValue:
    text = _searched_text()
    return render_template("dashboard/staff_search.html", text=text, groups=_answers(text))


@blueprint.get("/organisation/recherche.json")
@only(*Domain, Role.AGENT)
def staff_answers() -> ResponseReturnValue:
    return jsonify(
        [
            {"title": answer.title, "detail": answer.detail, "part": group.title}
            | {"address": answer.address}
            for group in _answers(_searched_text())
            for answer in group.answers
        ]
    )


def _searched_text() -> str:
    return printable_line(request.args.get("q", ""))[:LONGEST]


def _answers(text: str) -> list[AnswerGroup]:
    search = find_own_search(text)
    return answer_groups(search, own_menu()) if search else []
