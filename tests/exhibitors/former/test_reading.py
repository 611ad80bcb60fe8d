"""Reading a list of former exhibitors."""

import pytest

from salon.exhibitors.imports.former_exhibitors import MOST_LINES, FormerRow, rows_of
from salon.exhibitors.imports.former_exhibitors import read_former as read_list
from salon.platform.documents.spreadsheets.reader import UnreadableList

HEAD = "Nom;Courriel;SIRET\n"


def read_former(text: str) -> list[FormerRow]:
    return rows_of(read_list(text))


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "Lumières d’Oc;a@b.example;443 061 841 00047",
        "siret,NOM,e-mail\n443.061.841.00047,Lumières d’Oc,a@b.example",
        "Adresse mail\tSociété\tSIRET\tinconnue\na@b.example\tLumières d’Oc\t44306184100047\tx",
        "\ufeff" + HEAD + '\r\n;;\r\n"Lumières d’Oc";a@b.example;44306184100047\r\n',
    ],
)
def test_a_simple_list_is_read_in_any_order_and_with_any_separator(text: str) -> None:
    [row] = read_former(text)
    assert row.wrong == ()
    assert (row.name, row.values["email"]) == ("Lumières d’Oc", "a@b.example")
    assert row.values["siret"] == "44306184100047"
    assert (row.values["kind"], row.values["country"]) == ("company", "FR")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (";a@b.example;", "Le nom manque."),
        ("Lumières;;", "L’adresse électronique manque."),
        ("Lumières;pas une adresse;", "L’adresse électronique ne paraît pas complète."),
        ("Lumières;a@b.example;44306184100048", "Le SIRET n’est pas valable."),
        ("Lumi\u0007ères;a@b.example;", "Un caractère ne s’imprime pas : retapez cette ligne."),
        ("=?utf-8?q?x?=;a@b.example;", "Un caractère ne s’imprime pas : retapez cette ligne."),
    ],
)
def test_each_line_says_what_is_wrong_with_it(line: str, sentence: str) -> None:
    good, wrong = read_former(f"{HEAD}Bonne;bonne@b.example;\n{line}\n")
    assert good.wrong == ()
    assert wrong.wrong == (sentence,)
    assert wrong.number == 3


@pytest.mark.parametrize(
    ("cell", "country"),
    [
        ("", "FR"),
        ("be", "BE"),
        ("France", "FR"),
        ("SUISSE", "CH"),
        ("Allemagne", "DE"),
        ("Royaume Uni", "GB"),
    ],
)
def test_a_country_is_a_name_or_a_code_never_two_letters_of_its_name(
    cell: str, country: str
) -> None:
    [row] = read_former(f"Nom;Courriel;Pays\nLumières;a@b.example;{cell}\n")
    assert (row.wrong, row.values["country"]) == ((), country)


def test_a_country_that_the_forms_do_not_offer_is_said() -> None:
    [row] = read_former("Nom;Courriel;Pays\nLumières;a@b.example;Syldavie\n")
    assert [fault for fault in row.wrong if fault.startswith("Le pays n’est pas reconnu")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEAD,
        "Lumières;a@b.example\n",
        "Nom;SIRET\nx;y\n",
        'Nom;Courriel\n"a;b\n' + "x" * 200_000,
    ],
)
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(UnreadableList):
        read_former(text)


def test_a_list_of_too_many_lines_is_refused() -> None:
    lines = [f"E{number};e{number}@b.example;" for number in range(MOST_LINES + 1)]
    assert len(read_former(HEAD + "\n".join(lines[:-1]))) == MOST_LINES
    with pytest.raises(UnreadableList):
        read_former(HEAD + "\n".join(lines))


def test_a_presentation_keeps_its_lines_and_anything_else_is_one() -> None:
    [row] = read_former('Nom;Courriel;Présentation\n"Lumières\nd’Oc";a@b.example;"Un.\r\nDeux."\n')
    assert row.wrong == ()
    assert (row.name, row.values["presentation"]) == ("Lumières d’Oc", "Un.\nDeux.")
