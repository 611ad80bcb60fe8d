"""The CSV of the directory of public services, and that of mayors, for 152 communes."""

from flask import Flask

from salon.badges.services import load_department
from salon.invitations.imports.authorities import (
    DIRECTORY,
    ELECTED_LIST,
    AuthorityLine,
    AuthorityList,
    read_authorities,
    read_line,
)
from salon.invitations.queries.territory import find_territory
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM
from tests.invitations.book import lozere


def read(content: bytes) -> tuple[AuthorityList, list[AuthorityLine]]:
    territory = find_territory()
    listed = read_authorities(content.decode("utf-8-sig"), territory)
    return listed, [read_line(line, territory) for line in listed.file.lines]


def test_cells_of_json_are_read_and_each_fault_is_said(app: Flask) -> None:
    load_department(Act(SYSTEM), "48")
    codes = [commune.code for commune in lozere.communes()]
    for delimiter in (";", ","):
        listed, lines = read(lozere.directory(delimiter=delimiter))
        assert (listed.source, listed.elsewhere, listed.others) == (DIRECTORY, 0, 2)
        assert [line.place and line.place.commune_code for line in lines] == codes
        emails = [line.values["email"] for line in lines]
        without = {lozere.INCOMPLETE, lozere.SILENT}
        assert emails == [
            "" if rank in without else lozere.mail_of(commune)
            for rank, commune in enumerate(lozere.communes())
        ]
        assert lines[0].values == {
            "street": "1 place de la Mairie",
            "postal_code": "48310",
            "city": "Albaret-le-Comtal",
            "phone": "04 66 80 01 10",
            "email": "mairie@c48001.example",
        }
        assert lines[lozere.TWO_PHONES].values["phone"] == "04 66 10 00 01"
        assert lines[lozere.CUT_CELL].values["street"] == ""
        assert {rank: line.wrong for rank, line in enumerate(lines) if line.wrong} == {
            lozere.INCOMPLETE: (
                "L’adresse électronique «\u00a0mairie@c48005\u00a0» ne paraît pas complète.",
            )
        }
        notes = {rank: " ".join(line.notes)[:35] for rank, line in enumerate(lines) if line.notes}
        assert notes == {
            lozere.TWO_ADDRESSES: "Non lu\u00a0: autre adresse électronique",
            lozere.CUT_CELL: 'Non lu\u00a0: Adresse\u00a0«\u00a0[{"type_adresse"',
        }
    _, [first, *_] = read(lozere.directory(lozere.seat_of_epci()))
    assert first.place is not None
    assert first.place.epci_siren == "200006930"
    assert (first.values["email"], first.values["street"]) == ("cc@epci.example", "BP 3")


def test_the_list_of_mayors_with_faults_names_152(app: Flask) -> None:
    load_department(Act(SYSTEM), "48")
    listed, lines = read(lozere.elected_list())
    assert (listed.source, listed.elsewhere, listed.others) == (ELECTED_LIST, 2, 0)
    assert len({line.place.commune_code for line in lines if line.place}) == 152
    assert [line.number for line in lines if line.wrong] == []
    assert [line.notes for line in lines if line.notes] == [
        ("Non lu\u00a0: En fonction depuis\u00a0«\u00a031/02/2026\u00a0».",)
    ]
    assert {line.values["head_last_name"] for line in lines} == {
        name.capitalize() for name in lozere.LAST_NAMES
    }
