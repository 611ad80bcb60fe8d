"""A list of other organisations to invite, from any spreadsheet."""

from salon.invitations.imports.authorities import LONGEST, AuthorityLine, check_address
from salon.platform.documents.spreadsheets.reader import Heading, ReadList, SheetLine, read_list
from salon.platform.pages.forms import unprintable
from salon.platform.words.people import bare_name, civility_of
from salon.platform.words.texts import clean_name, holds_link

MOST_GUESTS = 500
HEADINGS = (
    Heading(
        "name",
        "Organisme",
        ("nom de l organisme", "organisation", "service", "structure", "societe", "media"),
        is_required=True,
    ),
    Heading("kind", "Genre", ("type", "categorie", "famille", "groupe")),
    Heading("contact_civility", "Civilité", ("civ", "titre", "sexe")),
    Heading("contact_first_name", "Prénom", ("prenom du contact",)),
    Heading("contact_last_name", "Nom", ("nom du contact", "contact", "nom de famille")),
    Heading("contact_function", "Fonction", ("qualite", "poste")),
    Heading("phone", "Téléphone", ("tel", "numero de telephone"), digits=10),
    Heading(
        "email",
        "Adresse électronique",
        ("courriel", "email", "e mail", "mail", "adresse mail", "adresse courriel"),
    ),
)
NAMES = ("name", "contact_first_name", "contact_last_name")
LENGTHS = {"name": 100, "kind": 40, "contact_function": 60, **LONGEST}


def read_guests(text: str) -> ReadList:
    """Return the lines of a list. Raises UnreadableList."""
    return read_list(text, HEADINGS, MOST_GUESTS, "aucun organisme")


def read_guest(line: SheetLine) -> AuthorityLine:
    """Return what a line says of an organisation, and its faults."""
    values = {name: clean_name(cell)[: LENGTHS.get(name, 60)] for name, cell in line.cells.items()}
    wrong, notes = [] if values["name"] else ["Il manque le nom de l’organisme."], list[str]()
    if "contact_civility" in values:
        values["contact_civility"] = civility_of(values["contact_civility"])
    for name in NAMES[1:]:
        if name in values:
            values[name] = bare_name(values[name])
    check_address(line.cells, values, wrong, notes)
    if any(unprintable(text) or "\ufffd" in text for text in values.values()):
        wrong.append("Un caractère ne s’imprime pas : retapez cette ligne.")
    if any(holds_link(values.get(name, "")) for name in NAMES):
        wrong.append("Un nom ne contient pas d’adresse de site (« www. » ou « :// »).")
    return AuthorityLine(
        line.number, values["name"], None, dict(values), tuple(wrong), tuple(notes)
    )
