"""E-mail addresses: their syntax, the mailbox behind one, the correction of a mistyped one."""

import unicodedata

WITHOUT_DOTS = ("gmail.com", "googlemail.com")
"""Providers that ignore the dots of an address."""


def checked_address(text: str) -> str | None:
    """Return an address in its normal form, or None when nobody can write to it.

    The syntax is that of RFC 5321; the domain is not looked up.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return None


def email_key_of(email: str) -> str:
    """Return an address as compared: NFKC, case and blanks ignored."""
    return "".join(unicodedata.normalize("NFKC", email).casefold().split())


def mailbox_of(address: str) -> str:
    """Return the mailbox of an address: no case, no blanks, no `+tag`, no ignored dot.

    Two addresses of one mailbox may still belong to two people: use it to count mail, not to
    identify a person.
    """
    text, before = address, ""
    while text != before:  # a blank that goes may let two characters compose
        before, text = text, "".join(unicodedata.normalize("NFKC", text).casefold().split())
    local, at, domain = text.rpartition("@")
    local = local.split("+", 1)[0] or local
    if domain in WITHOUT_DOTS:
        local, domain = local.replace(".", ""), WITHOUT_DOTS[0]
    return f"{local}{at}{domain}"


PROVIDERS = (
    *("orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "neuf.fr", "laposte.net", "bbox.fr"),
    *("aliceadsl.fr", "numericable.fr", "club-internet.fr", "gmail.com", "outlook.fr"),
    *("outlook.com", "hotmail.fr", "hotmail.com", "live.fr", "live.com", "yahoo.fr", "yahoo.com"),
    *("icloud.com", "gmx.fr", "gmx.com", "protonmail.com", "proton.me", "mailo.com"),
)
"""Most common providers in France."""

ENDINGS = {
    **dict.fromkeys(("f", "r", "ffr", "frr", "fe", "ft", "rf"), "fr"),
    **dict.fromkeys(("con", "cm", "cmo", "ocm", "cpm", "comm", "vom", "xom", "coom"), "com"),
    **dict.fromkeys(("ner", "nte", "ent", "nett"), "net"),
}
"""Endings that no domain has, with their correction."""

LONG_DOMAIN = 9
"""From this length on, two wrong letters are still nearer to that domain than to another."""


def suggested_address(address: str) -> str:
    """Return the probable correction of an address, "" when it is plausible."""
    local, at, domain = address.strip().rpartition("@")
    domain = domain.casefold()
    if not at or domain in PROVIDERS:
        return ""
    correction = _nearest_provider(domain) or _with_likely_ending(domain)
    return f"{local}@{correction}" if correction else ""


def _nearest_provider(domain: str) -> str:
    from rapidfuzz.distance import OSA

    faults = {provider: OSA.distance(domain, provider) for provider in PROVIDERS}
    nearest = min(faults, key=faults.__getitem__)
    bearable = 2 if len(nearest) >= LONG_DOMAIN else 1
    return nearest if faults[nearest] <= bearable else ""


def _with_likely_ending(domain: str) -> str:
    name, dot, ending = domain.rpartition(".")
    return f"{name}.{ENDINGS[ending]}" if dot and ending in ENDINGS else ""
