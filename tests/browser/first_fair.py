"""A fair of the Aude, or of elsewhere, made by its organiser on pages alone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyotp
from openpyxl import Workbook

from tests.browser.walk import Walk

PASSWORD = "nuages au-dessus de carcassonne"


def first_day_of_fair() -> date:
    """A Friday some months ahead."""
    day = (datetime.now(UTC) + timedelta(days=120)).date()
    return day + timedelta(days=(4 - day.weekday()) % 7)


DAY = first_day_of_fair()
NAME = f"Salon des maires de l’Aude {DAY.year}"
BODIES = (
    "Département de l’Aude",
    "Agence technique départementale",
    "Pompiers de l’Aude",
    "Conseil d’architecture",
    "Syndicat d’énergies",
)


def open_own_account(walk: Walk, password: str = PASSWORD) -> None:
    """Choose a password and an authenticator, from the page of an invitation."""
    secret = walk.page.locator("code").inner_text()
    walk.fill({"Mot de passe": password, "Code de l’application": pyotp.TOTP(secret).now()})
    walk.button("Ouvrir mon compte")
    walk.fill({"Votre mot de passe": password})
    walk.button("Préparer ma feuille")
    walk.link("La feuille est imprimée : continuer")


@dataclass(frozen=True)
class Home:
    """Where a fair is, and what it is called."""

    department: str = "Aude (11)"
    fair: str = NAME
    organiser: str = "Association des maires de l’Aude"
    address: str = "1 avenue du Salon, 11000 Carcassonne"
    city: str = "Carcassonne"
    bodies: tuple[str, ...] = BODIES


AUDE = Home()


def set_up(walk: Walk, address: str, home: Home = AUDE) -> None:
    """From the printed address to the fair that the public sees."""
    walk.go(address)
    walk.fill({"Votre nom": "Claire Roux", "Votre adresse électronique": "claire@maires.example"})
    walk.button("Continuer")
    open_own_account(walk)
    walk.fill(
        {
            "Département": home.department,
            "Jour du salon": DAY.isoformat(),
            "Nom du village": "le village des partenaires",
        }
    )
    walk.button("Enregistrer et continuer")
    walk.fill(
        {
            "Nom du salon": home.fair,
            "Nom court": home.fair,
            "Organisateur": home.organiser,
            "Nom de la deuxième personne": "Paul Vidal",
            "Adresse électronique de la deuxième personne": "paul@maires11.example",
        }
    )
    walk.button("Enregistrer et continuer")
    walk.fill(
        {
            "Lieu": "Parc des expositions",
            "Adresse": home.address,
            "Ville": home.city,
        }
    )
    walk.button("Enregistrer et continuer")
    following = (DAY + timedelta(days=1)).isoformat()
    walk.fill({"Jour": following, "Ouverture": "09:00", "Fermeture": "12:30"}, group="Jour 2")
    walk.button("Enregistrer et continuer")
    for number, name, width, depth in ((1, "1", "40", "25"), (2, "2", "30", "20")):
        values = {"Nom du hall": name, "Largeur (m)": width, "Profondeur (m)": depth}
        walk.fill(values, group=f"Hall {number}")
    walk.button("Enregistrer et continuer")
    walk.fill({"Organismes": "\n".join(home.bodies)})
    walk.button("Enregistrer et continuer")
    walk.button("Enregistrer et continuer")
    walk.button("Ouvrir le salon au public")


THEMES = {
    "Département de l’Aude": (
        "Aides aux communes : financer un projet et monter le dossier.",
        "Voirie : entretenir ses routes et ses ponts.",
        "Lecture publique : ouvrir ou rénover une bibliothèque.",
    ),
    "Agence technique départementale": (
        "Assainissement : mettre sa station aux normes.",
        "Eau potable : protéger un captage et réduire les fuites.",
        "Marchés publics : acheter sans se tromper.",
    ),
    "Pompiers de l’Aude": (
        "Défense incendie : ses points d’eau et son arrêté.",
        "Plan communal de sauvegarde : l’écrire et l’essayer.",
    ),
    "Conseil d’architecture": (
        "Urbanisme : réviser un document d’urbanisme.",
        "Bâtiments anciens : rénover sans abîmer.",
    ),
    "Syndicat d’énergies": (
        "Éclairage public : éteindre, rénover, payer moins.",
        "Panneaux solaires : équiper l’école ou la mairie.",
    ),
}


def prepare_halls_and_village(walk: Walk) -> None:
    """25 stands beside those of the 5 bodies; 12 themes."""
    walk.menu("Plan des halls")
    for hall, count, first in (("1", "13", "101"), ("2", "12", "201")):
        walk.link(f"Hall {hall}")
        walk.link("Ajouter plusieurs stands")
        walk.fill({"Nombre de stands": count, "Numéro du premier": first})
        walk.button("Ajouter ces stands")
        walk.link("Tous les halls")
    walk.settings("Organismes et thèmes")
    walk.link("Ajouter plusieurs thèmes")
    walk.fill({body: "\n".join(themes) for body, themes in THEMES.items()})
    walk.button("Ajouter ces thèmes")


HEADINGS = ("Organisme", "Civilité", "Prénom", "Nom", "Fonction", "Courriel", "Thèmes")
FIRST_NAMES = ("Agnès", "Bruno", "Cécile", "David", "Élise", "Farid", "Gaëlle", "Hugo", "Inès")
LAST_NAMES = ("Albert", "Barthe", "Calvet", "Durand", "Escande", "Fabre", "Gleizes")
SELLER = {
    "Adresse": "1 place de la Préfecture",
    "Code postal": "11000",
    "Ville": "Carcassonne",
    "SIRET": "77606778700015",
    "Régime de TVA": "Franchise en base (CGI, art. 293 B)",
}
PRICES = (
    ("M2", "Mètre carré", "Stand équipé, le mètre carré", "120"),
    ("REPAS", "Option choisie par quantité", "Repas du midi", "24,50"),
)
ITEMS = (
    ("Ouverture du salon", "09:30", "10:00"),
    ("L’eau, d’un été à l’autre", "10:30", "11:30"),
)
COLLEAGUES = (
    (
        "Nora Bélier",
        "nora@maires11.example",
        "Exposants : candidatures, placement, plan, documents, sécurité",
    ),
    (
        "Lise Roque",
        "lise@maires11.example",
        "Lecture seule : lit toutes les pages de l’organisation, ne change rien",
    ),
)


def write_agents(path: Path, count: int = 20) -> Path:
    """Write the spreadsheet of the agents, as a body would send it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    for number in range(count):
        body = BODIES[number % len(BODIES)]
        first, last = FIRST_NAMES[number % 9], LAST_NAMES[number % 7]
        themes = " | ".join(theme.partition(" : ")[0] for theme in THEMES[body])
        mail = f"agent{number}@aude.example"
        title = "Mme" if number % 2 == 0 else "M."
        sheet.append((body, title, first, last, "Conseil aux communes", mail, themes))
    book.save(path)
    return path


def name_agents(walk: Walk, path: Path) -> None:
    walk.menu("Agents")
    walk.link("Importer une liste", inside=walk.page.locator(".page-head"))
    walk.send_file("Fichier (CSV, XLSX ou ODS)", write_agents(path))
    walk.button("Vérifier la liste")
    walk.button("Enregistrer 20 agents")


def write_programme(walk: Walk) -> None:
    walk.settings("Programme et salles")
    walk.link("Ajouter une salle")
    walk.fill({"Nom de la salle": "Salle Cassoulet", "Places": "120"})
    walk.button("Ajouter cette salle")
    for title, starts, ends in ITEMS:
        walk.link("Ajouter un moment")
        walk.fill({"Titre": title, "Début": starts, "Fin": ends})
        walk.button("Ajouter au programme")


def write_prices(walk: Walk) -> None:
    walk.settings("Prix et options")
    for code, unit, label, price in PRICES:
        walk.link("Ajouter un prix", inside=walk.page.locator(".page-head"))
        walk.fill(
            {
                "Code": code,
                "Compté par": unit,
                "Libellé": label,
                "Prix hors taxes, en euros": price,
            }
        )
        walk.button("Enregistrer le prix")


def date_exhibitors(walk: Walk) -> None:
    walk.settings("Dates et règlement")
    walk.fill(SELLER)
    walk.button("Enregistrer les réglages")


def invite_colleagues(walk: Walk) -> None:
    walk.menu("Comptes")
    for name, mail, right in COLLEAGUES:
        walk.link("Inviter ou ouvrir un compte")
        walk.fill({"Nom affiché": name, "Adresse électronique": mail})
        walk.tick(right)
        walk.button("Ouvrir le compte")
