"""The form of the fair's look."""

from flask_wtf.file import FileField
from wtforms import BooleanField, StringField
from wtforms.validators import Optional, Regexp

from salon.platform.pages.forms import StampForm, one_line
from salon.platform.words.colours import COLOUR


def _colour_field(label: str, example: str) -> StringField:
    return StringField(
        label,
        description=f"« # » et six signes, comme {example}. Vide : celle d’origine.",
        validators=[
            Optional(),
            Regexp(rf"^{COLOUR.pattern}\Z", message=f"Écrivez la couleur comme {example}."),
        ],
        filters=[one_line, lambda text: text.lower() if text else ""],
        render_kw={"maxlength": 7, "autocomplete": "off", "spellcheck": "false"},
    )


class LookForm(StampForm):
    main_colour = _colour_field("Couleur principale", "#0b5670")
    accent_colour = _colour_field("Couleur d’accent", "#f2b632")
    logo = FileField(
        "Logo",
        validators=[Optional()],
        render_kw={"accept": "image/png,image/jpeg,image/webp,.png,.jpg,.jpeg,.webp"},
    )
    forget_logo = BooleanField("Retirer le logo")

    @property
    def values(self) -> dict[str, object]:
        """Return the colours, and the logo: its bytes, b"" to take it away, None to keep it."""
        content = bytes(self.logo.data.read()) if self.logo.data else b""
        logo = b"" if self.forget_logo.data else content or None
        return {**super().values, "logo": logo}
