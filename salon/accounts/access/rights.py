"""Names, for pages, of the organisers who can give a missing right."""

from flask import Flask

from salon.accounts.queries import full_organisers


def register_rights(app: Flask) -> None:
    """Name, to the templates, the organisers who give rights."""
    app.jinja_env.globals["right_givers"] = right_givers


def right_givers() -> list[str]:
    return [account.display_name for account in full_organisers()]
