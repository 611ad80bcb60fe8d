"""Three journeys as a screen reader says them; `make browsers` prints every word of it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer
from tests.browser.keyboard import fill, press
from tests.browser.kiosk import START as KIOSK_TITLE
from tests.browser.kiosk import a_holder, expect_title, open_kiosk
from tests.browser.reader import read as read_badge
from tests.browser.screen_reader import ScreenReader, check_speech, headings
from tests.browser.test_journeys import fill_registration, open_latest_mail

EMAIL = "secretariat@olargues.example"
QUESTION = "En une phrase : l’agent la lit avant de vous recevoir."
PLACE = "Ou l’EPCI : tapez, puis choisissez. Obligatoire, sauf pour un autre organisme."
INSTRUCTIONS = (
    "Des communes sont proposées pendant la saisie : flèches haut et bas pour les parcourir, "
    "Entrée pour choisir."
)
COMBOBOX = "has popup listbox, not expanded"
WRONG_EMAIL = "Cette adresse électronique ne paraît pas complète. Exemple : mairie@commune.fr"
TIME = re.compile(r"button, \d+ h( \d\d)? à \d+ h( \d\d)?(, stand \w+)?")


@pytest.fixture
def reader(page: Page, request: pytest.FixtureRequest) -> Iterator[ScreenReader]:
    """A screen reader whose transcript is printed at the end of the test."""
    reader = ScreenReader(page)
    yield reader
    print(f"\n=== {request.node.name} ===", *reader.transcript, sep="\n")


def test_registration_says_each_field_and_what_is_wrong_with_it(
    page: Page, reader: ScreenReader
) -> None:
    page.goto("/inscription")
    said = reader.read()
    check_speech(said)
    assert headings(said) == [(1, "S’inscrire au salon"), (2, "Ce que vous acceptez")]
    assert {"group, Civilité obligatoire", "radio, Madame, not checked, position 1, set size 2"} < {
        *said
    }
    controls = reader.tab_through()
    for control in (
        "textbox, Prénom, required",
        "textbox, Nom, required",
        f"combobox, Fonction, {COMBOBOX}, required",
        f"combobox, Commune, {PLACE} {INSTRUCTIONS}, {COMBOBOX}, autocomplete in list, 1 control",
        "textbox, Adresse électronique, Votre badge y est envoyé. Une adresse partagée (mairie@…) "
        "convient., required",
        "textbox, Téléphone, Pour vous joindre le jour même, et pour rien d’autre.",
        "button, Valider mon inscription",
    ):
        assert control in controls

    commune = page.get_by_label("Commune", exact=True)
    commune.press_sequentially("Olarg")
    reader.hear("polite: 2 communes proposées.")
    page.keyboard.press("ArrowDown")
    assert "option, Olargues, selected, position 1, set size 2" in reader.hear("option, Olargues")
    page.keyboard.press("Enter")
    fill_registration(page, place="Olargues")
    page.keyboard.press("Escape")
    commune.focus()
    assert reader.hear("Commune, Olargues")[-1].startswith(f"combobox, Commune, Olargues, {PLACE}")

    page.get_by_label("Adresse électronique", exact=True).fill("mairie@")
    page.get_by_role("button", name="Valider mon inscription").press("Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    assert reader.hear() == ["alert, Il reste 1 point à corriger"]
    said = reader.read()
    check_speech(said)
    start = said.index("alert, Il reste 1 point à corriger")
    assert said[start + 1] == "heading, Il reste 1 point à corriger, level 2"
    assert said[start + 4] == f"link, {WRONG_EMAIL}"
    summary.get_by_role("link").press("Enter")
    heard = reader.hear("textbox")[-1]
    assert heard.startswith("textbox, Adresse électronique, mairie@, ")
    assert heard.endswith(f"À corriger : {WRONG_EMAIL}, invalid, required")

    page.get_by_label("Adresse électronique", exact=True).fill(EMAIL)
    page.keyboard.press("Enter")
    page.wait_for_url("**/inscription/merci*")
    said = reader.read()
    check_speech(said)
    assert headings(said)[0] == (1, "Votre inscription est enregistrée")
    assert "link, Corriger l’inscription" in said


def test_booking_says_each_time_and_each_field(page: Page, reader: ScreenReader) -> None:
    page.goto("/rendez-vous")
    said = reader.read()
    check_speech(said)
    assert headings(said)[0] == (1, "De quoi voulez-vous parler ?")
    assert [phrase for phrase in said if "·" in phrase] == []

    press(page, "L’école et les bâtiments")
    check_speech(reader.read())
    press(page, "Énergie et éclairage public")
    said = reader.read()
    check_speech(said)
    assert re.fullmatch(r"Matin, \d+ heures libres", headings(said)[1][1])
    times = [phrase for phrase in said[said.index("main") :] if re.match(r"button, \d", phrase)]
    assert len(times) > 5
    assert [phrase for phrase in times if not TIME.fullmatch(phrase)] == []
    assert any(", stand " in phrase for phrase in times)

    press(page, times[0].removeprefix("button, "))
    said = reader.read()
    check_speech(said)
    assert headings(said)[1:] == [(2, "Qui vient")]
    controls = reader.tab_through()
    assert f"textbox, Votre question, {QUESTION}, required" in controls
    assert f"combobox, Fonction, {COMBOBOX}, required" in controls
    answers = {"subject": "La toiture de l’école", "first_name": "Paule", "last_name": "Rouanet"}
    answers |= {"function": "Maire", "commune": "Olargues", "email": EMAIL}
    fill(page, answers, "Confirmer le rendez-vous", ticked=("civility",))
    said = reader.read()
    check_speech(said)
    assert headings(said)[0] == (1, "Encore un geste : ouvrez votre messagerie")

    open_latest_mail(page, EMAIL)
    page.locator("a[href*='/rendez-vous/confirmer/']").click()
    page.wait_for_url("**/rendez-vous/confirmer/**")
    check_speech(reader.read())
    press(page, "Confirmer")
    said = reader.read()
    check_speech(said)
    assert headings(said)[0] == (1, "Votre rendez-vous")
    assert said.index("region, Quand et où") < said.index("Confirmé")
    assert {"link, Déplacer ce rendez-vous", "link, Annuler ce rendez-vous"} < {*said}


def test_the_kiosk_says_each_screen_as_it_comes(
    page: Page, reader: ScreenReader, live_server: LiveServer
) -> None:
    holder = a_holder(live_server)
    open_kiosk(page)
    expect(page.locator("#camera-place")).to_be_visible()
    said = reader.read()
    check_speech(said)
    assert headings(said) == [(1, KIOSK_TITLE)]
    assert [phrase for phrase in said if "Image de la caméra" in phrase] == [
        "region, Image de la caméra"
    ]
    read_badge(page, holder.code)
    name = f"{holder.first_name} {holder.last_name}"
    greeting = (
        "polite: Bonjour Madame la Maire. Votre entrée est enregistrée. "
        f"Est-ce bien vous : {name}, Maire, {holder.on_behalf_of} ?"
    )
    assert reader.hear("Est-ce bien vous")[-1] == greeting
    said = reader.read()
    check_speech(said)
    start = said.index(name)
    assert said[start + 1 : start + 5] == [
        "Maire",
        holder.on_behalf_of,
        "button, C’est bien moi",
        "button, Corriger",
    ]
    page.get_by_role("button", name="C’est bien moi").press("Enter")
    assert "heading, Que souhaitez-vous faire ?, level 1" in reader.hear("heading")
    page.get_by_role("button", name="Où aller").press("Enter")
    expect(page.get_by_role("img", name=re.compile("^Plan du hall"))).to_be_visible()
    heard = reader.hear("polite: À ")[-1]
    said = reader.read()
    check_speech(said)
    assert heard.startswith(f"polite: {headings(said)[0][1]}. ")

    page.get_by_role("button", name="Autre chose").press("Enter")
    page.get_by_role("button", name="Corriger").press("Enter")
    expect_title(page, "Corrigez votre badge")
    page.get_by_label("Nom", exact=True).fill("")
    page.keyboard.press("Enter")
    assert reader.hear("polite: Vérifiez ce qui est indiqué sous les champs. Indiquez le nom.")
    page.get_by_role("button", name="Enregistrer").press("Enter")
    assert "textbox, Nom, Indiquez le nom., invalid, required" in reader.hear("textbox, Nom")

    page.get_by_role("button", name="Terminer").press("Enter")
    expect_title(page, KIOSK_TITLE)
    page.clock.install()
    page.get_by_role("button", name="Je n’ai pas de badge").press("Enter")
    heard = reader.hear("polite: Votre inscription")
    assert heard[-2:] == [
        "heading, Qui êtes-vous ?, level 1",
        "polite: Votre inscription, 1 sur 3.",
    ]
    page.clock.run_for(5_000)
    said = reader.read()
    check_speech(said)
    assert said.count("Votre inscription, 1 sur 3.") == 1
    page.clock.run_for(12_500)
    assert reader.hear("assertive: Sans geste, tout s’efface dans 8 secondes.")
