"""Rules, matching, words, lists and calendar: no database."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.badges import rules
from salon.badges.engine.matching import email_key, name_key
from salon.badges.engine.online_places import OnlineCategory, OnlinePlaces
from salon.badges.imports.roster import read_person, read_roster
from salon.badges.models import labels
from salon.badges.models.labels import Function, printed_function, salutation
from salon.fair.models import Edition
from salon.platform.database.consequences import Standing
from salon.platform.documents.spreadsheets.cells import from_export, same_in_export
from salon.platform.documents.spreadsheets.reader import UnreadableList, text_of_file
from salon.platform.words.errors import RuleBroken
from tests.refusals import Refusal, check_refusal
from tests.tables import each

NOW = datetime(2021, 9, 6, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def open_between(
    opens_at: datetime, closes_at: datetime, standing: Standing = Standing.AS_PLANNED
) -> Edition:
    return Edition(
        registration_opens_at=opens_at, registration_closes_at=closes_at, standing=standing
    )


@pytest.mark.parametrize(
    ("opens", "closes", "error"),
    [
        (-HOUR, HOUR, None),
        (timedelta(), HOUR, None),
        (HOUR, 2 * HOUR, rules.RegistrationNotYetOpen),
        (-2 * HOUR, -HOUR, rules.RegistrationClosed),
        (-HOUR, timedelta(), rules.RegistrationClosed),
    ],
)
def test_registration_is_open_from_its_start_to_its_end_excluded(
    opens: timedelta, closes: timedelta, error: type[RuleBroken] | None
) -> None:
    edition = open_between(NOW + opens, NOW + closes)
    with pytest.raises(error) if error else contextlib.nullcontext():
        rules.check_registration_is_open(edition, NOW)


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing.POSTPONED, "celles déjà faites restent valables"),
        (Standing.CANCELLED, "on ne s’y inscrit plus"),
    ],
)
def test_nobody_registers_for_a_fair_without_a_date(standing: Standing, words: str) -> None:
    with pytest.raises(rules.RegistrationSuspended, match=words):
        rules.check_registration_is_open(open_between(NOW - HOUR, NOW + HOUR, standing), NOW)


def test_the_opening_day_is_said_in_french() -> None:
    words = "mardi 7\u00a0septembre 2021, 10\u00a0h"
    with pytest.raises(rules.RegistrationNotYetOpen, match=words):
        rules.check_registration_is_open(
            open_between(datetime(2021, 9, 7, 8, tzinfo=UTC), NOW + 90 * HOUR * 24), NOW
        )


@pytest.mark.parametrize(
    ("count", "error"),
    [
        (0, rules.NobodyToRegister),
        (1, None),
        (rules.LONGEST_GROUP, None),
        (rules.LONGEST_GROUP + 1, rules.TooManyPeople),
    ],
)
def test_a_group_has_one_to_a_hundred_people(count: int, error: type[RuleBroken] | None) -> None:
    if error is None:
        rules.check_group_size([object()] * count)
    else:
        with pytest.raises(error):
            rules.check_group_size([object()] * count)


@pytest.mark.parametrize(
    ("count", "error"),
    [
        (0, rules.NothingToPrint),
        (1, None),
        (rules.LARGEST_RUN, None),
        (rules.LARGEST_RUN + 1, rules.TooManyToPrint),
    ],
)
def test_a_print_run_has_one_to_ten_thousand_badges(
    count: int, error: type[RuleBroken] | None
) -> None:
    if error is None:
        rules.check_run_size(count)
    else:
        with pytest.raises(error):
            rules.check_run_size(count)


@pytest.mark.parametrize("status", ["cancelled", "replaced", "erased"])
def test_only_a_live_registration_changes(status: str) -> None:
    rules.check_is_registered("registered")
    with pytest.raises(rules.NoLongerRegistered):
        rules.check_is_registered(status)


def test_a_place_is_needed() -> None:
    rules.check_place_is_given("34032", None, "")
    rules.check_place_is_given(None, "243400769", "")
    rules.check_place_is_given(None, None, "Université")
    with pytest.raises(rules.PlaceMissing):
        rules.check_place_is_given(None, None, "  ")


@each(
    ("function", "category"),
    [
        *((function, "elected") for function in list(Function)[:10]),
        *((function, "visitor") for function in list(Function)[10:]),
        ("écrit autrement", "visitor"),
    ],
)
def test_every_mandate_makes_an_elected_person(function: str, category: str) -> None:
    assert rules.category_for(function) == category


def test_the_words_of_another_function_may_be_a_mandate() -> None:
    assert rules.category_for("other", "Adjointe à l’urbanisme") == "elected"
    assert rules.category_for("other", "Présidente") == "visitor"


# Words


@pytest.mark.parametrize(
    ("civility", "function", "typed_function", "printed"),
    [
        ("madame", "mayor", "", "Maire"),
        ("madame", "deputy_mayor", "", "Adjointe au maire"),
        ("monsieur", "deputy_mayor", "", "Adjoint au maire"),
        ("", "councillor", "", "Conseiller(ère) municipal(e)"),
        ("", "chief_executive", "", "Direction générale des services"),
        ("monsieur", "deputy_mayor", "1er adjoint aux eaux", "1er adjoint aux eaux"),
        ("madame", "councillor", "", "Conseillère municipale"),
        ("madame", "epci_president", "", "Présidente d’EPCI"),
        ("madame", "chief_executive", "", "Directrice générale des services"),
        ("madame", "other", "Archiviste", "Archiviste"),
        ("madame", "other_elected", "Sénatrice honoraire", "Sénatrice honoraire"),
        ("madame", "other", "", "Autre fonction"),
        ("", "unknown", "Kept", "Kept"),
    ],
)
def test_the_function_agrees_with_civility(
    civility: str, function: str, typed_function: str, printed: str
) -> None:
    assert printed_function(function, typed_function, civility) == printed


@pytest.mark.parametrize(
    ("civility", "function", "words"),
    [
        ("madame", "mayor", "Madame la Maire"),
        ("monsieur", "mayor", "Monsieur le Maire"),
        ("monsieur", "epci_president", "Monsieur le Président"),
        ("madame", "officer", "Madame"),
        ("", "mayor", "Bonjour"),
    ],
)
def test_a_letter_begins_with_the_title_in_full(civility: str, function: str, words: str) -> None:
    assert salutation(civility, function) == words


def test_every_function_is_offered_once_and_has_its_words() -> None:
    offered = [function for _, functions in labels.FUNCTION_GROUPS for function in functions]
    assert sorted(offered) == sorted(Function)
    assert all(function.label for function in Function)


# Matching


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Mairie@Mons.Example", "mairie@mons.example"),
        ("  mairie @mons.example ", "mairie@mons.example"),
        ("mairie+salon+2@mons.example", "mairie@mons.example"),
        ("+salon@mons.example", "+salon@mons.example"),
        ("ＭＡＩＲＩＥ@mons.example", "mairie@mons.example"),
        ("", ""),
    ],
)
def test_addresses_that_are_the_same(typed: str, key: str) -> None:
    assert email_key(typed) == key


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Anne-Lise", "d’Hélias"),
        ("anne  lise", "D'HELIAS"),
        ("Anne‑Lise", "d Hélias"),
        ("Anne-Lise", "d’He\u0301lias"),
    ],
)
def test_names_that_are_the_same(first: str, last: str) -> None:
    assert name_key(first, last) == "d helias anne lise"


def test_names_without_latin_letters_keep_their_difference() -> None:
    assert name_key("Ώ", "Ж") != name_key("Ώ", "Щ")
    assert name_key("—", "!") != name_key("—", "?")


@given(st.text())
def test_any_text_has_its_keys(typed: str) -> None:
    name_key(typed, typed)
    email_key(typed)


@given(st.text())
def test_a_cell_of_the_export_is_no_formula_and_comes_back(value: str) -> None:
    cell = same_in_export(value)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert from_export(cell) == value


# Lists


def test_a_list_in_any_order_with_any_separator() -> None:
    expected = {
        "civility": "madame",
        "first_name": "Noël",
        "last_name": "d’Aï",
        "function": "mayor",
        "function_other": "",
    }
    for separator in ";\t,":
        text = separator.join(["NOM", "Prénom", "Civilité", "Fonction", "Taille"])
        text += "\r\n" + separator.join(["d’Aï", " Noël ", "Mme", "MAIRE", "1"]) + "\r\n\r\n"
        roster = read_roster(text)
        [line] = roster.lines
        assert (line.number, read_person(line).values) == (2, expected)
        assert roster.ignored == ["Taille"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_of_any_spreadsheet_is_read(encoding: str) -> None:
    text = "Prénom;Nom;Fonction\nÉloïse;L’Œuvre;Conseillère municipale\n"
    values = read_person(read_roster(text_of_file(text.encode(encoding))).lines[0]).values
    assert (values["first_name"], values["last_name"]) == ("Éloïse", "L’Œuvre")
    assert values["function"] == "councillor"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "vide"),
        ("\n\n", "vide"),
        ("Prénom;Fonction\nA;Maire", "Il manque\u00a0: Nom"),
        ("A;B;C\n1;2;3", "Il manque\u00a0: Prénom, Nom"),
        ("Prénom;Nom\n;\n", "aucune personne"),
        ("Prénom;Nom\n" + "A;B\n" * 101, "101 lignes"),
        ('Prénom;Nom\nA;"' + "b" * 200_000, "ligne 2"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(text: str, words: str) -> None:
    with pytest.raises(UnreadableList, match=words):
        read_roster(text)


@pytest.mark.parametrize("content", [b"\x81\x8d\x8f\x90\x9d", b"\xff\xfe\x00"])
def test_a_file_that_is_no_text_says_so(content: bytes) -> None:
    with pytest.raises(UnreadableList, match="pas un texte"):
        text_of_file(content)


def test_lines_are_numbered_as_a_spreadsheet_does() -> None:
    text = 'Prénom;Nom;Note\n\nA;B;"x\ny"\nC;D\n'
    assert [line.number for line in read_roster(text).lines] == [3, 5]


def test_cells_that_an_export_escaped_come_back() -> None:
    line = read_roster("Prénom;Nom;Téléphone\nA;B;'+33612345678").lines[0]
    assert line.cells["phone"] == "+33612345678"


@given(st.text())
def test_any_pasted_text_is_read_or_refused_in_words(text: str) -> None:
    with contextlib.suppress(UnreadableList):
        assert read_roster(text).lines


OPEN, FULL, CLOSED = (
    OnlineCategory("press", "Presse", is_open, places=1, registered=registered)
    for is_open, registered in ((True, 0), (True, 1), (False, 0))
)
REFUSALS: list[Refusal] = [
    (
        rules.FairIsFull,
        rules.check_some_place_is_left,
        (OnlinePlaces((FULL, CLOSED)),),
        (OnlinePlaces((FULL, OPEN)),),
    ),
    (rules.NoCategoryOpen, rules.check_a_category_is_open, ([CLOSED],), ([CLOSED, OPEN],)),
    (rules.NotCancelled, rules.check_is_cancelled, ("replaced",), ("cancelled",)),
    (rules.LinkNoLongerOpens, rules.check_link_opens, (NOW, "lost"), (NOW, "cancelled")),
    (rules.LinkNoLongerOpens, rules.check_link_opens, (NOW,), (None,)),
    (rules.HoursAlreadySet, rules.check_no_hour_is_set, (True,), (False,)),
    (rules.NoLongerRegistered, rules.check_is_registered, ("cancelled",), ("registered",)),
    (rules.CancelledByOrganisers, rules.check_holder_may_restore, (False,), (True,)),
    (rules.EditionOver, rules.check_edition_is_not_over, (NOW, NOW), (NOW + HOUR, NOW)),
    (rules.BadgeReplaced, rules.check_has_no_other_badge, (True,), (False,)),
    (rules.BadgeAlreadyRevoked, rules.check_badge_is_valid, (NOW,), (None,)),
    (rules.FollowsAgent, rules.check_is_not_an_agent, (1,), (None,)),
    (rules.NotExhibiting, rules.check_is_exhibiting, (False,), (True,)),
    (rules.TeamFull, rules.check_team_has_room, (3, 3), (2, 3)),
    (rules.TeamClosed, rules.check_team_is_open, (NOW.date(), NOW), (NOW.date() + 24 * HOUR, NOW)),
    (rules.NothingToPrint, rules.check_run_size, (0,), (1,)),
    (rules.TooManyToPrint, rules.check_run_size, (10_001,), (10_000,)),
    (rules.NobodyToRegister, rules.check_group_size, ([],), ([1],)),
    (rules.TooManyPeople, rules.check_group_size, ([1] * 101,), ([1] * 100,)),
    (rules.PlaceMissing, rules.check_place_is_given, (None, None, " "), (None, None, "Agence")),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_what_a_badge_does_not_allow_is_refused(refusal: Refusal) -> None:
    check_refusal(refusal)
