"""The form of the exhibitors' terms."""

from datetime import date, datetime

from wtforms import (
    BooleanField,
    Field,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, Regexp, ValidationError

from salon.exhibitors.engine.cancellation import read_steps, typed_steps
from salon.exhibitors.models import ExhibitorTerms, Task, VatRegime
from salon.exhibitors.models.terms import LONGEST_PAYMENT_DAYS
from salon.platform.pages.fields import (
    NOT_WHOLE,
    FrenchDateField,
    FrenchMomentField,
    association_number_field,
    check_vat_number,
    legal_form_field,
    number_field,
    register_city_field,
)
from salon.platform.pages.forms import (
    RowList,
    SectionFields,
    VersionForm,
    line,
    one_line,
    organisation_field,
    paragraphs,
    required,
)
from salon.platform.settings.clock import local, paris
from salon.platform.words.company_numbers import WrongSiret, check_siret

GUIDE_SECTIONS = 12
MOST_ARTICLES = 30
LONGEST_TEXT = 2000
DEADLINES = {f"deadline_{task}": task for task in Task}
ACCOUNTS = {
    "account_customers": ("Compte des clients", "41"),
    "account_sales": ("Compte des ventes", "70"),
    "account_deposits": ("Compte des acomptes reçus", "419"),
    "account_vat": ("Compte de la TVA collectée", "4457"),
    "account_bank": ("Compte de la banque", "51"),
}
"""The accounts of the seller: their label, and how their numbers begin in the *plan comptable*."""
SELLER = (
    *("name", "address", "postal_code", "city", "siret", "vat_number", "vat_regime", "iban", "bic"),
    *("legal_form", "rcs_city", "rna"),
    *ACCOUNTS,
)
BY_NUMBER = "D’après le numéro de TVA"
NUMBERS = (
    *("minimum_area", "maximum_area", "offer_days", "payment_days"),
    *("badges_base", "badges_base_area", "badges_area_step"),
)


def _whole(label: str, minimum: int, maximum: int) -> IntegerField:
    missing, message = InputRequired("Indiquez un nombre."), f"De {minimum} à {maximum}."
    return number_field(label, minimum, maximum, missing, message=message, wrong=NOT_WHOLE)


def _moment(label: str) -> FrenchMomentField:
    return FrenchMomentField(
        label, format="%Y-%m-%dT%H:%M", validators=[InputRequired("Indiquez ce moment.")]
    )


def _text(label: str, rows: int = 3) -> TextAreaField:
    return paragraphs(label, length=LONGEST_TEXT, rows=rows)


class TermsForm(VersionForm):
    applications_open_at = _moment("Ouverture des candidatures")
    applications_close_at = _moment("Clôture des candidatures")
    answer_by_on = FrenchDateField(
        "Réponse promise au plus tard le", validators=[InputRequired("Indiquez ce jour.")]
    )
    minimum_area = _whole("Plus petite surface, en m²", 1, 1000)
    maximum_area = _whole("Plus grande surface, en m²", 1, 3000)
    offer_days = _whole("Jours pour répondre à une proposition", 1, 60)
    payment_days = _whole("Jours pour payer une facture", 0, LONGEST_PAYMENT_DAYS)
    deposit_percent = number_field(
        "Acompte à la commande, en %", 0, 99, message="De 0 à 99.", wrong=NOT_WHOLE, default=0
    )
    deposit_due_on = FrenchDateField("Acompte à payer le", validators=[Optional()])
    cancellation_fees = paragraphs(
        "Frais d’un exposant qui se désiste, en % de sa commande", length=300, rows=3
    )
    badges_base = _whole("Badges compris", 0, 50)
    badges_base_area = _whole("Jusqu’à, en m²", 1, 1000)
    badges_area_step = _whole("Puis un badge de plus tous les, en m²", 1, 1000)
    set_up = _text("Montage")
    dismantling = _text("Démontage")
    to_bring = _text("À apporter", 5)
    guide = RowList(
        FormField(SectionFields, "Rubrique"),
        "Rubrique",
        max_entries=GUIDE_SECTIONS,
    )
    regulations = RowList(
        FormField(SectionFields, "Article"),
        "Article",
        max_entries=MOST_ARTICLES,
    )
    opens_without_seller = BooleanField("Ouvrir sans émetteur : le salon ne facture rien")
    seller_name = organisation_field("Nom", required("Indiquez qui facture."), length=200)
    seller_address = line("Adresse", length=200)
    seller_postal_code = line("Code postal", length=12)
    seller_city = line("Ville", length=100)
    seller_siret = line("SIRET", length=20, inputmode="numeric")
    seller_legal_form = legal_form_field()
    seller_rcs_city = register_city_field()
    seller_rna = association_number_field()
    seller_vat_number = line("Numéro de TVA", length=20)
    seller_vat_regime = SelectField(
        "Régime de TVA", choices=VatRegime.choices(BY_NUMBER), default=""
    )
    seller_vat_on_debits = BooleanField("TVA payée d’après les débits")
    seller_iban = line("IBAN", length=42)
    seller_bic = line("BIC", length=11)

    def validate_cancellation_fees(self, field: Field) -> None:
        try:
            read_steps(field.data or "")
        except ValueError:
            raise ValidationError(
                "Une ligne par palier\u00a0: «\u00a060 jours\u00a0: 30\u00a0%\u00a0»."
            ) from None

    def validate_seller_siret(self, field: Field) -> None:
        if field.data:
            try:
                field.data = check_siret(field.data)
            except WrongSiret as error:
                raise ValidationError(error.message) from None

    def validate_seller_vat_number(self, field: Field) -> None:
        check_vat_number(self, field)
        if not field.data and self.seller_vat_regime.data == VatRegime.LIABLE:
            raise ValidationError("Un émetteur redevable de la TVA a un numéro.")

    def validate_seller_iban(self, field: Field) -> None:
        from stdnum import iban  # it reads a table
        from stdnum.exceptions import ValidationError as NumberRefused

        if field.data:
            try:
                field.data = iban.validate(field.data)
            except NumberRefused:
                raise ValidationError("Cet IBAN n’est pas complet.") from None


def _account(label: str, beginning: str) -> StringField:
    digits = "[0-9]" * max(0, 3 - len(beginning))
    wrong = f"Un compte de trois à douze caractères, qui commence par {beginning}."
    number = Regexp(rf"^$|^{beginning}{digits}[0-9A-Za-z]{{0,8}}$", message=wrong)
    return line(label, number, length=12, inputmode="numeric", autocomplete="off")


for _name, (_label, _beginning) in ACCOUNTS.items():
    setattr(TermsForm, f"seller_{_name}", _account(_label, _beginning))
for _name, _task in DEADLINES.items():
    setattr(TermsForm, _name, FrenchDateField(_task.label, validators=[Optional()]))


def typed_from(terms: ExhibitorTerms) -> dict[str, object]:
    """Return the terms as the form shows them."""
    return {
        **{name: getattr(terms, name) for name in (*NUMBERS, "set_up", "dismantling", "version")},
        "applications_open_at": local(terms.applications_open_at).replace(tzinfo=None),
        "applications_close_at": local(terms.applications_close_at).replace(tzinfo=None),
        "answer_by_on": terms.answer_by_on,
        "deposit_percent": terms.deposit_percent,
        "deposit_due_on": terms.deposit_due_on,
        "cancellation_fees": typed_steps(terms.cancellation_fees),
        "to_bring": "\n".join(terms.to_bring),
        "guide": terms.guide,
        "regulations": terms.regulations,
        **{name: terms.deadline(task) for name, task in DEADLINES.items()},
        **{f"seller_{name}": terms.seller.get(name, "") for name in SELLER},
        "seller_vat_on_debits": bool(terms.seller.get("vat_on_debits")),
    }


def values_of(form: TermsForm) -> dict[str, object]:
    """Return the terms as the service takes them."""
    days: dict[Task, date | None] = {task: form[name].data for name, task in DEADLINES.items()}
    return {
        **{name: form[name].data for name in NUMBERS},
        **{name: form[name].data or "" for name in ("set_up", "dismantling")},
        "applications_open_at": _instant(form.applications_open_at.data),
        "applications_close_at": _instant(form.applications_close_at.data),
        "answer_by_on": form.answer_by_on.data,
        "deposit_percent": form.deposit_percent.data or 0,
        "deposit_due_on": form.deposit_due_on.data,
        "cancellation_fees": read_steps(form.cancellation_fees.data or ""),
        "to_bring": [one_line(item) for item in (form.to_bring.data or "").split("\n") if item],
        "guide": form.guide.data,
        "regulations": form.regulations.data,
        "deadlines": {task.value: day.isoformat() for task, day in days.items() if day},
        "seller": {name: form[f"seller_{name}"].data or "" for name in SELLER}
        | {"vat_on_debits": "1" if form.seller_vat_on_debits.data else ""},
    }


def _instant(typed_at: datetime) -> datetime:
    return paris(typed_at.date(), typed_at.time())
