"""Steps of the demonstration's exhibitors after acceptance: papers, safety, money."""

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import Image, ImageDraw, ImageFont

from salon.badges.engine.matching import Affiliation
from salon.badges.services.person import Person
from salon.badges.services.staff import add_staff
from salon.billing.models import PaymentMethod, SalesKind
from salon.billing.services.billing import Billing, save_billing
from salon.billing.services.payments import ReceivedPayment, record_payment
from salon.billing.services.sales import issue
from salon.exhibitor_space.services.documents import Quota, Sending, answer_document, give_document
from salon.exhibitor_space.services.tasks import answer_values, give_answer
from salon.exhibitors.models import ContactKind, DocumentKind, DocumentStatus, Exhibitor, Sector
from salon.exhibitors.queries.exhibitors import terms_of
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.identity import Identity
from salon.platform.database.versions import stamp_of
from salon.platform.documents.pdf.text import FONTS
from salon.platform.files.uploads import SentFile
from salon.platform.settings.clock import local
from salon.platform.settings.installation import Settings
from salon.safety.engine.questions import QUESTIONS, Kind
from salon.safety.services import NEW, answer_safety

LOGO = "logo"
NAMED_AFTER = timedelta(days=40)
"""Delay after the opening of registrations: badges come with them."""
LOGO_COLOURS = ("#0b5670", "#3f6b2e", "#b4540a", "#9b1c31", "#083f53", "#24401a")
REFUSED = "Cette attestation est celle de l’an dernier. Envoyez celle de l’année en cours."
DECLARED: dict[Sector, dict[str, object]] = {
    Sector.ROADS: {"vehicles": True, "vehicles_running": False, "vehicles_made_safe": True},
    Sector.WASTE: {"machines": True, "machines_which": "Une balayeuse, brosses tournantes"},
    Sector.MOBILITY: {"vehicles": True, "vehicles_running": False, "vehicles_made_safe": True},
    Sector.BUILDING: {"height_m": 3.2, "materials": True, "materials_proven": True},
    Sector.EDUCATION: {"cooking": True, "cooking_kw": 6.0},
    Sector.WATER: {"machines": True, "machines_which": "Une pompe en circuit fermé"},
}


@dataclass(frozen=True)
class StepContext:
    """Context of the steps: the exhibitor, its contact, the time; `organiser` answers and
    invoices."""

    exhibitor: Exhibitor
    contact: Identity
    organiser: Identity
    at: datetime
    settings: Settings

    def later(self, days: int) -> datetime:
        return self.at + timedelta(days=days)


def execute_steps(facts: list[str], context: StepContext) -> None:
    """Execute each word of the column « faits », in their order."""
    for word in facts:
        if word != LOGO:
            STEPS[word](context)


def logo_of(name: str) -> bytes:
    """Return a plain logo: the name on a colour."""
    colour = LOGO_COLOURS[len(name) % len(LOGO_COLOURS)]
    image = Image.new("RGB", (480, 240), colour)
    drawing = ImageDraw.Draw(image)
    size = 44
    words = name.split()
    middle = (len(words) + 1) // 2
    lines = [" ".join(words[:middle]), " ".join(words[middle:])]
    font = ImageFont.truetype(str(FONTS / "Atkinson-Bold.ttf"), size)
    while max(drawing.textlength(line, font=font) for line in lines) > 440 and size > 14:
        size -= 2
        font = ImageFont.truetype(str(FONTS / "Atkinson-Bold.ttf"), size)
    for row, line in enumerate(lines):
        drawing.text((240, 90 + row * 60), line, font=font, fill="white", anchor="mm")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def _paper(title: str, name: str) -> bytes:
    from salon.platform.documents.pdf.sheet import About, Sheet
    from salon.platform.documents.pdf.text import put

    sheet = Sheet(About(title, name), pagesize=(420, 595))
    for row, words in enumerate((title, name, "Document de démonstration, sans valeur.")):
        put(sheet, words, 40, 540 - 25 * row, 340, 12)
    sheet.showPage()
    return sheet.finished()


def _give(
    kind: DocumentKind, answer: DocumentStatus, reason: str = ""
) -> Callable[[StepContext], None]:
    def step(context: StepContext) -> None:
        settings = context.settings
        paper, key = _paper(kind.label, context.exhibitor.name), str(uuid.uuid4())
        sending = Sending(kind, SentFile(paper, f"{kind.value}.pdf"), key)
        quota = Quota(settings.documents_per_exhibitor, settings.documents_quota_bytes)
        at = context.later(2)
        document = give_document(
            Act(context.contact, at), context.exhibitor, sending, quota, settings.file_store
        )
        if answer != DocumentStatus.WAITING:
            version = document.version
            answer_document(
                Act(context.organiser, context.later(4)), document, version, answer, reason
            )

    return step


def _answer_safety(share: float) -> Callable[[StepContext], None]:
    def step(context: StepContext) -> None:
        answers: dict[str, object] = {
            question.key: False
            for question in QUESTIONS
            if question.kind == Kind.YES_NO and not question.after
        }
        answers |= {"height_m": 2.5, "people": 4.0}
        answers |= DECLARED.get(context.exhibitor.sector or Sector.PUBLIC, {})
        given_answers = dict(list(answers.items())[: int(len(answers) * share)])
        answer_safety(Act(context.contact, context.later(3)), context.exhibitor, NEW, given_answers)

    return step


def _describe_construction(context: StepContext) -> None:
    (task,) = terms_of(get_public_edition()).live_tasks
    words = "Deux cloisons de 2,50 m et un portique de 3,20 m, posés au sol."
    stamp = stamp_of(answer_values(context.exhibitor, task))
    give_answer(Act(context.contact, context.later(4)), context.exhibitor, task, words, stamp)


def _name_staff(context: StepContext) -> None:
    contact = context.exhibitor.contact(ContactKind.MAIN)
    assert contact is not None
    person = Person(
        first_name=contact.first_name,
        last_name=contact.last_name,
        function="other",
        function_other=contact.function,
        place=Affiliation(context.exhibitor.name),
        email=contact.email,
        civility=contact.civility,
    )
    key = str(uuid.uuid4())
    at = max(context.later(5), get_public_edition().registration_opens_at + NAMED_AFTER)
    add_staff(Act(context.contact, at), context.exhibitor.id, person, key)


def _quote(context: StepContext) -> None:
    issue(Act(context.organiser, context.later(1)), context.exhibitor.id, SalesKind.QUOTE)


def _order(context: StepContext) -> None:
    """Order with an engagement number, as a public body does."""
    exhibitor = context.exhibitor
    if exhibitor.is_public_body:
        details = Billing(
            name=exhibitor.legal_name,
            address=exhibitor.address,
            postal_code=exhibitor.postal_code,
            city=exhibitor.city,
            siret=exhibitor.siret,
            engagement_number=f"EJ-2021-{exhibitor.id:05d}",
            service_code="COM",
        )
        save_billing(Act(context.contact), exhibitor.id, 0, details)
    issue(Act(context.organiser, context.later(6)), exhibitor.id, SalesKind.ORDER)


def _invoice(context: StepContext) -> None:
    issue(Act(context.organiser, context.later(8)), context.exhibitor.id, SalesKind.INVOICE)


def _pay(context: StepContext) -> None:
    (invoice,) = [sale for sale in context.exhibitor.sales if sale.kind == SalesKind.INVOICE]
    at = context.later(20)
    method = PaymentMethod.CHEQUE if invoice.id % 3 == 0 else PaymentMethod.TRANSFER
    received = ReceivedPayment(invoice.gross, method, local(at).date(), f"Réf. {invoice.reference}")
    key = str(uuid.uuid4())
    record_payment(
        Act(context.organiser, at), invoice.id, received, key, {"amount": str(invoice.gross)}
    )


STEPS: dict[str, Callable[[StepContext], None]] = {
    "contrat": _give(DocumentKind.CONTRACT, DocumentStatus.ACCEPTED),
    "contrat à vérifier": _give(DocumentKind.CONTRACT, DocumentStatus.WAITING),
    "assurance": _give(DocumentKind.INSURANCE, DocumentStatus.ACCEPTED),
    "assurance à vérifier": _give(DocumentKind.INSURANCE, DocumentStatus.WAITING),
    "assurance refusée": _give(DocumentKind.INSURANCE, DocumentStatus.REFUSED, REFUSED),
    "securite": _answer_safety(1),
    "securite commencée": _answer_safety(0.6),
    "construction": _describe_construction,
    "equipe": _name_staff,
    "devis": _quote,
    "commande": _order,
    "facture": _invoice,
    "réglée": _pay,
}
