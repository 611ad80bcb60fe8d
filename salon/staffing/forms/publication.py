"""The form that publishes the rota."""

from wtforms.validators import Regexp

from salon.platform.forms import CreatingForm, SentField, line

RELOAD = "Rechargez la page, puis validez de nouveau."


class PublishForm(CreatingForm):
    """`stamp` is the digest of the changes that were read."""

    stamp = SentField("Différences lues", validators=[Regexp(r"^[0-9a-f]{16}$", message=RELOAD)])
    note = line(
        "Un mot pour les agents concernés",
        length=300,
        autocomplete="off",
    )
