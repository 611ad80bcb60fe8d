"""The organiser of the Lozère who fills her fair: the book, invitations, follow-up."""

import re
from datetime import UTC, datetime
from pathlib import Path

from tests.browser.first_fair import DAY, Home
from tests.browser.walk import Walk
from tests.invitations.book import lozere

LOZERE = Home(
    department="Lozère (48)",
    fair=f"Salon des maires de Lozère {DAY.year}",
    organiser="Association des maires de Lozère",
    address="Place du Foirail, 48000 Mende",
    city="Mende",
    bodies=("Département de la Lozère", "Lozère Ingénierie"),
)
BOOK, PRESS = "Communes et EPCI", "redaction@lozere-nouvelle.example"


def import_list(walk: Walk, path: Path) -> None:
    """Send a public file, and stop at its preview."""
    walk.menu(BOOK)
    walk.link("Importer une liste")
    walk.send_file("Liste (CSV, XLSX, ODS ou JSON)", path)
    walk.button("Vérifier la liste")


def save_list(walk: Walk) -> None:
    walk.button("Enregistrer les lignes cochées")


def complete_address(walk: Walk, rank: int, email: str) -> None:
    """Type the address of a town hall on the page of its commune."""
    open_place(walk, rank)
    walk.fill({"Adresse électronique": email})
    walk.button("Enregistrer les coordonnées")


def invite_all(walk: Walk) -> None:
    """Invite whoever the filters of the page keep, once the message is read."""
    walk.button(re.compile(r"^Inviter les \d+"))
    walk.button(re.compile(r"^Inviter \d+"))


def register(walk: Walk, link: str, rank: int) -> None:
    """From the link of a mail to the registration of a mayor."""
    last, first, sex = lozere.mayor_of(rank)
    walk.go(link)
    walk.link("M’inscrire")
    walk.tick("Madame" if sex == "F" else "Monsieur")
    email = lozere.mail_of(lozere.communes()[rank])
    person = {"Prénom": first, "Nom": last, "Fonction": "Maire", "Adresse électronique": email}
    walk.fill(person)
    walk.button("Valider mon inscription")


def decline(walk: Walk, link: str, reason: str) -> None:
    walk.go(link)
    walk.fill({"Pourquoi\u00a0?": reason})
    walk.button("Nous ne viendrons pas cette fois")


def open_place(walk: Walk, rank: int) -> None:
    name = lozere.communes()[rank].name
    walk.menu(BOOK)
    walk.fill({"Nom, maire ou adresse": name})
    walk.button("Afficher")
    walk.link(name)


def register_by_telephone(walk: Walk, rank: int) -> None:
    """Register the mayor who telephones, whose name the book proposes."""
    open_place(walk, rank)
    walk.link(re.compile("^Inscrire quelqu’un"))
    walk.button("Inscrire et préparer le badge")
    walk.link("Fiche dans « Communes et EPCI »")
    assert "1 inscrit" in walk.words


def share_calls(walk: Walk) -> None:
    """Follow the silent communes of an EPCI, save the filter, note a call, print the calls."""
    walk.menu(BOOK)
    walk.link(re.compile("^A ouvert sa page"))
    walk.fill({"EPCI": "CC Mont Lozère"})
    walk.button("Afficher")
    walk.tick("Tout cocher")
    walk.fill({"Confier à": "Claire Roux"})
    walk.button("Confier celles qui sont cochées")
    walk.page.get_by_text("Filtres enregistrés", exact=True).click()
    walk.fill({"Enregistrer sous le nom": "Mont Lozère, à rappeler"})
    walk.button("Enregistrer ce filtre")
    walk.page.locator(".rows__who a").first.click()
    today = datetime.now(UTC).date().isoformat()
    walk.fill({"Prochain appel": today, "Note": "Rappeler après le conseil municipal"})
    walk.button("Enregistrer le suivi")
    walk.menu(BOOK)
    walk.link(re.compile("^Suivies par moi"))
    walk.link(re.compile("^À rappeler 1"))
    walk.link("Liste d’appels", inside=walk.main)
    assert "Rappeler après le conseil municipal" in walk.words


def invite_the_press(walk: Walk) -> None:
    walk.link("Autres invités", inside=walk.main)
    walk.link("Ajouter")
    walk.fill(
        {
            "Organisme": "Lozère Nouvelle",
            "Genre": "Presse",
            "Civilité": "Madame",
            "Prénom": "Inès",
            "Nom": "Pagès",
            "Fonction": "Rédactrice en chef",
            "Adresse électronique": PRESS,
        }
    )
    walk.button("Enregistrer")
    walk.tick("Inviter Lozère Nouvelle")
    walk.button("Inviter ceux qui sont cochés")
    walk.button(re.compile(r"^Inviter 1"))
    assert "Invitation sans réponse" in walk.words
