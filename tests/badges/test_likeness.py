"""Who may be the same person: the pairs of `cases/*pairs_of_persons.csv`, and pairs in lists."""

import csv
from collections.abc import Iterator
from pathlib import Path

from salon.platform.words.likeness import (
    Identity,
    Verdict,
    likely_pairs,
    likeness,
    resembling,
    shared_mailboxes,
)

CASES = Path(__file__).parent / "cases"
ANSWERS = {"same": Verdict.SAME, "ask": Verdict.LIKELY, "different": Verdict.DIFFERENT}


def _identity(cell: str) -> Identity:
    """Return the person of a cell: first name, name, civility, function, address, telephone, code
    and name of the place, between bars."""
    cells = [*cell.split("|"), *[""] * 8][:8]
    return Identity(*cells[:6], cells[6] or None, cells[7])


def _pairs() -> Iterator[tuple[Identity, Identity, Verdict]]:
    """Return the pairs of both files; nothing was tuned to the second one before it was tried."""
    for path in sorted(CASES.glob("*pairs_of_persons.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                pair = _identity(row["une personne"]), _identity(row["une autre"])
                yield *pair, ANSWERS[row["attendu"]]


def test_pairs_of_persons_are_told_apart_as_an_organiser_would() -> None:
    pairs = list(_pairs())
    assert len(pairs) >= 400
    faults = []
    for identity, other, expected in pairs:
        answer = likeness(identity, other)
        if answer.verdict is not expected:
            faults.append((identity, other, expected, answer))
        assert likeness(other, identity) == answer, (identity, other)
    assert faults == []


def test_a_list_finds_the_pairs_that_are_alike_two_by_two() -> None:
    """People of other pairs are told apart by their place, so that each pair stands alone."""
    for identity, other, expected in _pairs():
        matches = [answer.verdict for _, _, answer in likely_pairs({4: identity, 9: other})]
        assert matches == ([] if expected is Verdict.DIFFERENT else [expected]), (identity, other)


def test_a_mailbox_of_several_people_is_nobodys() -> None:
    people = [
        Identity("Jean", "Dupuy", email="lolo34@free.fr", place_code="34069"),
        Identity("Pierre", "Vidal", email="lolo34@free.fr", place_code="34069"),
        Identity("jean", "DUPUY", email="Lolo34@free.fr", place_code="34069"),
    ]
    assert shared_mailboxes(people) == {"lolo34@free.fr"}
    assert shared_mailboxes([people[0], people[2]]) == frozenset()
    [(first, second, answer)] = likely_pairs(dict(enumerate(people)))
    assert (first, second, answer.verdict) == (0, 2, Verdict.LIKELY)
    assert "adresse partagée" in answer.words


def test_a_newcomer_is_compared_with_the_registered_people_alone() -> None:
    registered = {
        7: Identity("Jean", "Dupuis", "", "Adjoint", place_code="34069"),
        8: Identity("Jean", "Dupuy", "", "Maire", place_code="34069"),
        9: Identity("Jean", "Dupuy", "", "Maire", place_code="34172"),
    }
    mayor = Identity("DUPUY", "Jean", "", "M. le Maire", place_code="34069")
    [matches, nobody] = resembling([mayor, Identity("Anne", "Roux")], registered)
    assert [(key, answer.verdict) for key, answer in matches] == [
        (8, Verdict.SAME),
        (7, Verdict.LIKELY),
    ]
    assert nobody == []


def test_a_crowd_of_one_name_is_compared_with_neighbours_alone() -> None:
    crowd = {number: Identity("Jean", "Martin", place_code="34069") for number in range(1000)}
    assert sum(1 for _ in likely_pairs(crowd)) < 25 * len(crowd)
