"""An exhibitor's space in a real browser: a task by keyboard, and the organiser's answer."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe, check_is_fit, enter, open_at
from tests.exhibitor_space.made import pdf

SPACE = re.compile(r"/mon-stand/\d+$")


def go_back_to_registrations(page: Page) -> None:
    """The demonstration opens on the day of the fair: papers come before."""
    open_at(page, "Inscriptions ouvertes")


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "attestation été.pdf"
    file.write_bytes(pdf())
    return file


def send_insurance(page: Page, file: Path) -> None:
    """From the space, by keyboard; the file itself is chosen in the system's own window."""
    expect(page).to_have_url(SPACE)
    page.get_by_role("link", name="Attestation d’assurance", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos documents")
    expect(page.get_by_label("Ce document est")).to_have_value("insurance")
    page.get_by_label("Fichier").set_input_files(file)
    page.get_by_label("Fichier").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Envoyer ce document")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre document est arrivé.")).to_be_visible()


def test_a_paper_is_sent_by_keyboard_and_the_task_moves(page: Page, paper: Path) -> None:
    go_back_to_registrations(page)
    enter(page, "Exposant")
    send_insurance(page, paper)
    page.get_by_role("link", name=re.compile("Revenir à mon")).click()
    task = page.get_by_role("link", name="Attestation d’assurance", exact=True)
    row = page.get_by_role("listitem").filter(has=task)
    expect(row).to_contain_text("Envoyé, à vérifier")


def test_the_answer_of_the_organiser_comes_back_as_a_task(page: Page, paper: Path) -> None:
    go_back_to_registrations(page)
    enter(page, "Exposant")
    send_insurance(page, paper)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("attestation été.pdf")).first.click()
    assert download.value.suggested_filename == "attestation été.pdf"
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/documents?kind=insurance&status=waiting")
    page.get_by_role("link", name=re.compile("Éclairage du Biterrois")).first.click()
    page.get_by_label("Ce qui ne convient pas").fill("Elle est périmée.")
    page.get_by_role("button", name=re.compile("^Refuser")).click()
    expect(page.get_by_text("Réponse enregistrée")).to_be_visible()
    enter(page, "Exposant")
    expect(page.get_by_role("heading", level=2).first).to_have_text(
        "Attestation d’assurance, à refaire"
    )
    expect(page.get_by_text("Elle est périmée.").first).to_be_visible()


def test_a_file_that_is_no_document_is_said_at_its_field(page: Page, tmp_path: Path) -> None:
    go_back_to_registrations(page)
    enter(page, "Exposant")
    page.get_by_role("link", name="Attestation d’assurance", exact=True).click()
    wrong = tmp_path / "contrat.docx"
    wrong.write_bytes(b"PK\x03\x04" + bytes(200))
    page.get_by_label("Fichier").set_input_files(wrong)
    page.get_by_role("button", name="Envoyer ce document").click()
    expect(page.get_by_role("alert").first).to_contain_text("Enregistrer en PDF")
    assert axe(page) == []


def test_the_first_page_is_fit_for_all_after_the_fair(page: Page) -> None:
    open_at(page, "Le soir, après")
    enter(page, "Exposant")
    expect(page).to_have_url(SPACE)
    check_is_fit(page)
