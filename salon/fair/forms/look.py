"""The form of the fair's look."""

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, StringField
from wtforms.validators import Optional, Regexp, ValidationError

from salon.platform.pages.forms import StampForm, line, one_line
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
    picture = FileField(
        "Image de l’accueil",
        validators=[Optional()],
        render_kw={"accept": "image/png,image/jpeg,image/webp,.png,.jpg,.jpeg,.webp"},
    )
    picture_alt = line("Ce qu’elle montre", length=200)
    picture_credit = line("Son auteur", length=100)
    forget_picture = BooleanField("Retirer l’image")

    def validate_picture_alt(self, field: Field) -> None:
        if self.picture.data and not field.data:
            raise ValidationError("Dites ce que l’image montre, pour qui ne la voit pas.")

    @property
    def values(self) -> dict[str, object]:
        """Return the texts, and each picture: its bytes, b"" to take it away, None to keep it."""
        logo = _sent(self.logo, self.forget_logo)
        return {**super().values, "logo": logo, "picture": _sent(self.picture, self.forget_picture)}


def _sent(file: FileField, forget: BooleanField) -> bytes | None:
    content = bytes(file.data.read()) if file.data else b""
    return b"" if forget.data else content or None
