"""The OpenID Connect provider that people may sign in by, where the environment names one."""

from dataclasses import dataclass, field

from salon.platform.settings.environment import Environment, UnsafeSettings
from salon.platform.settings.remote_services import is_protected


@dataclass(frozen=True)
class IdentityProvider:
    """An identity provider, as declared by the administrator."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str
    """Its name on the buttons."""
    organiser_levels: tuple[str, ...] = ()
    """Values of `acr` that attest two factors; without any, organisers do not sign in by it."""
    vouches_for_addresses: bool = False
    """Its addresses are verified although it does not say so (`email_verified`)."""


def read_identity_provider(environ: Environment) -> IdentityProvider | None:
    """Return the provider, None where none is set. Raises UnsafeSettings."""
    issuer = environ.text("OIDC_ISSUER")
    client_id = environ.text("OIDC_CLIENT_ID")
    client_secret = environ.secret("OIDC_CLIENT_SECRET")
    if not (issuer or client_id or client_secret):
        return None
    if not (issuer and client_id and client_secret):
        raise UnsafeSettings(
            "OIDC_ISSUER, OIDC_CLIENT_ID et OIDC_CLIENT_SECRET vont ensemble : "
            "donnez les trois, ou aucun."
        )
    if not is_protected(issuer):
        raise UnsafeSettings(
            f"OIDC_ISSUER={issuer} n’est pas une adresse https:// "
            "(http:// convient sur cette machine seulement)."
        )
    return IdentityProvider(
        issuer=issuer,
        client_id=client_id,
        client_secret=client_secret,
        label=environ.text("OIDC_LABEL"),
        organiser_levels=environ.words("OIDC_ORGANISER_ACR"),
        vouches_for_addresses=environ.flag("OIDC_EMAIL_VERIFIED") is True,
    )
