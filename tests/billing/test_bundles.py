"""Files for Chorus Pro: those of one invoice, and those of all public buyers."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal

import pypdf
from flask import Flask

from salon.billing.documents import sales_files
from salon.billing.queries.sales import find_document, get_document
from salon.billing.services.sales import issue_credit_note
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.identity import Role
from salon.platform.settings.clock import now
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop, make_town
from tests.factories import sign_in

BUNDLES = "/organisation/facturation/chorus-pro.zip"


def test_the_bundle_is_ready_for_chorus_pro(edition: Edition) -> None:
    make_shop(edition)
    town = make_town(edition)
    invoice = get_document(make_invoice(town, edition).id)
    origin = find_document(invoice.from_id)
    bundle = zipfile.ZipFile(io.BytesIO(sales_files.chorus_bundle(invoice, edition, origin)))
    assert sorted(bundle.namelist()) == [
        "chorus-pro.csv",
        "chorus-pro.json",
        f"facture-{invoice.reference}.pdf",
        f"facture-{invoice.reference}.xml",
    ]
    fields = json.loads(bundle.read("chorus-pro.json"))
    assert fields["cadreFacturation"] == "A1_FACTURE_FOURNISSEUR"
    assert fields["siretDestinataire"] == "24340081900013"
    assert fields["codeServiceExecutant"] == "FINANCES"
    assert fields["numeroEngagement"] == "2021-000417"
    assert fields["numeroFactureOrigine"] == ""
    assert Decimal(fields["montantHtTotal"]) == invoice.net
    assert Decimal(fields["montantTVA"]) == invoice.vat
    assert Decimal(fields["montantTtcTotal"]) == invoice.gross
    rows = list(
        csv.reader(io.StringIO(bundle.read("chorus-pro.csv").decode("utf-8-sig")), delimiter=";")
    )
    assert ["numeroEngagement", "2021-000417"] in rows
    xml = bundle.read(f"facture-{invoice.reference}.xml")
    attached = pypdf.PdfReader(io.BytesIO(bundle.read(f"facture-{invoice.reference}.pdf")))
    assert attached.attachments["factur-x.xml"][0] == xml
    later = now() + timedelta(days=4)
    credit = get_document(issue_credit_note(Act(ORGANISER, later), invoice.id, None, "Non").id)
    fields = sales_files.chorus_fields(credit, find_document(credit.from_id))
    assert (fields["typeFacture"], fields["numeroFactureOrigine"]) == ("AVOIR", invoice.reference)


def test_every_public_buyer_s_file_and_an_index(app: Flask, edition: Edition) -> None:
    make_shop(edition)
    assert sign_in(app, Role.ORGANISER).get(BUNDLES).status_code == 302
    make_invoice(make_buyer(edition), edition)
    first, second = (make_invoice(make_town(edition), edition) for _ in range(2))
    later = now() + timedelta(days=4)
    credit = issue_credit_note(Act(ORGANISER, later), second.id, None, "Non")
    references = [first.reference, second.reference, credit.reference]
    alone = sales_files.pdf_of(get_document(first.id), edition, find_document(first.from_id))
    organiser = sign_in(app, Role.ORGANISER)
    answer = organiser.get(BUNDLES)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="chorus-pro.zip"'
    bundle = zipfile.ZipFile(io.BytesIO(answer.data))
    assert bundle.testzip() is None
    text = bundle.read("index.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["numeroFacture"] for row in rows] == references
    assert [row["fichier"] for row in rows] == bundle.namelist()[:3]
    assert [row["numeroFactureOrigine"] for row in rows] == ["", "", second.reference]
    assert Decimal(rows[0]["montantTtcTotal"]) == first.gross
    assert text_in(bundle.read(rows[0]["fichier"])) == text_in(alone)


def text_in(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
