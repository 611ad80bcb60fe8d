"""Counting of what anybody may have mailed, or asked of the identity provider."""

from salon.accounts import queries
from salon.accounts.access.known_browsers import browser_of
from salon.platform.web.access import network, settings
from salon.platform.web.limits import count_try, slow_down
from salon.platform.words.errors import TooManyTries


def count_request(secret: str, email: str) -> bool:
    """Count a requested code or link; return whether it may be mailed. Raises TooManyTries.

    The limit of a network is low. Requests of several networks for one address slow its mail down,
    not its owner: until the next mail, the last code is good in their browsers too.
    """
    limits, owner = settings(), queries.email_key_of(email)
    browser = known_browser(email)
    count_try(f"{secret}:{owner}:{browser or network()}", limits.codes_per_hour, 3600)
    count_try(f"{secret}-from:{network()}", limits.codes_per_hour * 20, 3600)
    if browser:
        return True
    try:
        slow_down(f"{secret}:{owner}", limits.codes_per_hour, 60, limits.code_lifetime)
    except TooManyTries:
        return False
    return True


def count_provider_request(step: str) -> None:
    """Count a request that makes us ask the identity provider. Raises TooManyTries."""
    count_try(f"provider-{step}:{network()}", settings().codes_per_hour * 20, 3600)


def known_browser(email: str) -> str:
    account = queries.find_account(email)
    return browser_of(account.id if account else None)
