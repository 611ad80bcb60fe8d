"""Themes added from lists, one for each body."""

from flask import Flask

from salon.fair.models import Edition
from salon.fair.queries import themes_of
from salon.platform.database.identity import Role
from tests.appointments.make import make_fair
from tests.factories import sign_in

PATH = "/organisation/reglages/village/themes/liste"


def test_themes_are_added_from_the_list_of_each_body(app: Flask, edition: Edition) -> None:
    make_fair(edition, agents={"Département": 1, "Hérault THD": 0})
    former = [theme.name for theme in themes_of(edition)]
    organiser = sign_in(app, Role.ORGANISER)
    lists = {"bodies-0-lines": "Eau : la protéger.\r\n\r\nVoirie : l’entretenir : et la payer."}
    assert organiser.fill(PATH, **lists).status_code == 302
    assert organiser.fill(PATH, **lists, **{"bodies-1-lines": "Réseaux : les poser."}).location
    themes = {theme.name: theme for theme in themes_of(edition) if theme.name not in former}
    assert {name: theme.summary for name, theme in themes.items()} == {
        "Eau": "La protéger.",
        "Voirie": "L’entretenir : et la payer.",
        "Réseaux": "Les poser.",
    }
    bodies = [themes[name].body_id for name in ("Eau", "Voirie", "Réseaux")]
    assert bodies[0] == bodies[1] != bodies[2]


def test_a_line_without_a_sentence_is_refused_with_all(app: Flask, edition: Edition) -> None:
    make_fair(edition, agents={"Département": 1})
    former = len(themes_of(edition))
    organiser = sign_in(app, Role.ORGANISER)
    for text in ("Eau : la protéger.\r\nVoirie", ": sans titre", "", f"{'x' * 101} : trop long"):
        answer = organiser.fill(PATH, **{"bodies-0-lines": text})
        assert answer.status_code == 400, text
    assert "deux-points" in organiser.fill(PATH, **{"bodies-0-lines": "Voirie"}).text
    assert len(themes_of(edition)) == former
