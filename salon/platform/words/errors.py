"""Refusals: errors whose French message is shown to the person as it is."""


class RuleBroken(Exception):
    """A rule forbids the act; `message` is shown to the person as it is."""

    status = 409
    message = "Cette action n’est pas possible."

    def __init__(self, message: str | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)


class BadInput(RuleBroken):
    """The input cannot be understood; nothing was written."""

    status = 400
    message = "La demande est incomplète ou mal formée."


class ReasonMissing(RuleBroken):
    status = 400
    message = "Écrivez pourquoi : l’exposant lira cette phrase."


class TooManyTries(RuleBroken):
    """A rate limit is reached; `retry_after` is in seconds."""

    status = 429
    message = "Trop de demandes en peu de temps. Attendez un instant, puis recommencez."

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class TooMuchMail(TooManyTries):
    message = (
        "Plusieurs messages viennent déjà de partir à cette adresse. Ouvrez le dernier, regardez "
        "aussi dans les courriers indésirables, ou recommencez dans une heure."
    )


class LinkExpired(RuleBroken):
    """A single-use link or code was used, replaced or is too old."""

    status = 410
    message = "Ce lien a déjà servi ou n’est plus valable. Demandez-en un nouveau."
