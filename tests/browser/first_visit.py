"""Who goes through the new fair: an exhibitor, a visitor, an agent, a colleague."""

import email
import email.policy
import re
import time
from collections.abc import Sequence

from tests.browser.conftest import PATIENCE_S
from tests.browser.walk import Walk
from tests.exhibitors.apply.company_server import LIGHTING
from tests.postman import Postman

CODE = re.compile(r"\b(\d{4})[\s\u00a0](\d{4})\b")
EXHIBITOR, VISITOR = "elise@lumieres.example", "mairie@lagrasse.example"


def read_mail(postman: Postman, pattern: str | re.Pattern[str], to: str = "") -> re.Match[str]:
    """Return what the latest mail to an address says; a mail on its way is waited for."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        for raw in reversed(postman.received):
            message = email.message_from_bytes(raw, policy=email.policy.default)
            body = message.get_body(("plain",))
            if to in str(message["To"]) and body is not None:
                words = body.get_content().replace("\r", "")
                text = f"To: {message['To']}\n{words}"
                if match := re.search(pattern, text):
                    return match
        time.sleep(0.1)
    raise AssertionError(f"no mail to {to or 'anybody'} says {pattern}")


def sign_in(walk: Walk, postman: Postman, address: str) -> None:
    walk.fill({"Adresse électronique": address})
    walk.button("Recevoir mon code")
    walk.fill({"Code reçu": "".join(read_mail(postman, CODE, address).groups())})
    walk.button("Me connecter")


def staff_the_village(walk: Walk) -> None:
    """Say what two stands need, take the computed rota, publish it."""
    walk.menu("Besoins des stands")
    walk.link("V1 Département de l’Aude")
    walk.fill({"Minimum": "1", "Souhaité": "1", "Maximum": "2"})
    last_hour = walk.page.get_by_label("À", exact=True).locator("option").last.inner_text()
    walk.fill({"À": last_hour})
    walk.button("Appliquer à la plage")
    walk.link("Revenir aux stands")
    walk.link("V2 Agence technique départementale")
    walk.fill({"D’où ?": "V1 Département de l’Aude"})
    walk.button("Reprendre ces besoins")
    walk.link("Proposer un planning")
    walk.button("Calculer le planning")
    # The page that waits for the result leads there by itself.
    walk.main.get_by_role("button", name="En faire le brouillon").wait_for()
    walk.button("En faire le brouillon")
    walk.button("Remplacer le brouillon")
    walk.menu("Publication")
    walk.button(re.compile("^Publier la version 1"))


def register(walk: Walk, postman: Postman) -> None:
    """From the shared address to the badge in the mail."""
    walk.go("/")
    walk.link("S’inscrire", inside=walk.page.get_by_role("main"))
    walk.tick("Madame")
    walk.fill(
        {
            "Prénom": "Odile",
            "Nom": "Sicre",
            "Fonction": "Maire",
            "Commune": "Lagrasse",
            "Adresse électronique": VISITOR,
        }
    )
    walk.page.keyboard.press("Tab")
    walk.button("Valider mon inscription")
    walk.go(read_mail(postman, r"http://\S+/badge/[\w-]+(?=\s)", VISITOR)[0])


def book(walk: Walk) -> str:
    """Book the first hour of a theme, from one's badge; return the agent's first name."""
    walk.button("Prendre un rendez-vous")
    walk.link("Eau potable")
    walk.button(re.compile(r"^\d+.h"))
    walk.fill({"Votre question": "Un captage à protéger"})
    walk.button("Confirmer le rendez-vous")
    match = re.search(r"avec M\S+ (\w+)", walk.words)
    assert match
    return match[1]


def apply_for_a_stand(walk: Walk) -> None:
    walk.go("/")
    navigation = walk.page.get_by_role("navigation", name="Navigation principale")
    walk.link("Exposants", inside=navigation)
    walk.link("Exposer au salon")
    walk.fill({"SIRET": LIGHTING, "Adresse électronique": EXHIBITOR})
    walk.button("Commencer ma candidature")
    answers: Sequence[tuple[str | None, dict[str, str]]] = (
        (None, {}),
        ("Contact principal", {"Prénom": "Élise", "Nom": "Cabanel", "Téléphone": "04 68 00 00 00"}),
        (None, {"Présentation": "Éclairage public et bornes de recharge."}),
        (None, {}),
        (None, {}),
    )
    for group, values in answers:
        walk.fill(values, group=group)
        walk.button("Continuer")
    walk.tick(re.compile("^Je certifie"))
    walk.button("Envoyer ma candidature")


def accept_and_place(walk: Walk) -> None:
    walk.menu("Exposants")
    walk.link("LUMIÈRE 34")
    walk.link("Accepter")
    walk.button("Accepter")
    walk.link("Lui donner un stand")
    walk.button("Donner ce stand")


def open_stand(walk: Walk, postman: Postman) -> None:
    walk.go(read_mail(postman, r"http://\S+/mon-stand", EXHIBITOR)[0])
    sign_in(walk, postman, EXHIBITOR)


def open_rota(walk: Walk, postman: Postman, first_name: str) -> None:
    """Open the rota that the mail to this agent of stand V2 leads to."""
    pattern = rf"To: (\S+)\nBonjour {first_name},\n[^§]*?stand V2[^§]*?(http://\S+/planning)"
    mail = read_mail(postman, pattern)
    walk.go(mail[2])
    sign_in(walk, postman, mail[1])


def prepare_next_year(walk: Walk) -> int:
    """Prepare next year's edition from this one and open it; return the clicks it takes."""
    clicks = walk.clicks
    walk.settings("Éditions")
    walk.link("Préparer la suivante (d’après 2027)")
    walk.button("Préparer l’édition")
    walk.link("Voir les éditions")
    walk.button(re.compile("^Ouvrir au public"))
    walk.button(re.compile("^Ouvrir"))
    return walk.clicks - clicks
