"""Forms of a bank statement: its file, and what one of its lines is."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, RadioField, SelectField
from wtforms.validators import InputRequired, ValidationError

from salon.billing.forms.receipts import method_field, others_field
from salon.billing.models import PaymentMethod
from salon.platform.pages.forms import SalonForm, line


class StatementForm(SalonForm):
    file = FileField(
        "Relevé (CSV, XLSX, ODS ou CAMT.053)",
        validators=[FileRequired("Choisissez le relevé.")],
        render_kw={"accept": ".csv,.txt,.xlsx,.ods,.xml"},
    )


class LineForm(SalonForm):
    """What a line of a bank statement is: `choice` is a proposal, or OTHER with a `document`."""

    OTHER = "other"

    choice = RadioField("Ce que c’est", validators=[InputRequired("Choisissez ce que c’est.")])
    document = SelectField("Autre pièce", validate_choice=True, default="")
    method = method_field("Choisissez un moyen de règlement.", default=PaymentMethod.TRANSFER.value)
    payer = line("Payé par", length=120, autocomplete="off")
    surplus = BooleanField("C’est voulu\u00a0: la différence est en faveur de l’exposant")
    others = others_field()

    def validate_document(self, field: Field) -> None:
        if self.choice.data == self.OTHER and not field.data:
            raise ValidationError("Choisissez la pièce que ce règlement paie.")
