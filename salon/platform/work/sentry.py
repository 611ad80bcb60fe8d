"""Failures sent to a Sentry, where SENTRY_DSN names one: their kind and place, never values.

What leaves is chosen here, field by field: no request, no person, no text of an exception, which
repeats its input.
"""

from typing import TYPE_CHECKING, Any

from flask import Flask, current_app

from salon.platform.settings.installation import Settings
from salon.platform.settings.logs import request_id

if TYPE_CHECKING:
    from sentry_sdk.types import Event

EXTENSION = "salon_sentry"
SENT = ("event_id", "timestamp", "level", "platform", "environment", "server_name", "tags", "sdk")
SENT_OF_EXCEPTION = ("type", "module", "mechanism")
SENT_OF_FRAME = (
    *("filename", "abs_path", "function", "module", "lineno", "in_app"),
    *("pre_context", "context_line", "post_context"),
)


def register_sentry(app: Flask, settings: Settings) -> None:
    """Open the way to Sentry, where one is set."""
    if not settings.sentry_dsn:
        return
    import sentry_sdk

    sentry_sdk.init(
        settings.sentry_dsn,
        environment="production" if settings.production else "development",
        send_default_pii=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        auto_session_tracking=False,
        default_integrations=False,
        auto_enabling_integrations=False,
        before_send=strip_event,
    )
    app.extensions[EXTENSION] = sentry_sdk


def report_failure(error: BaseException, place: str) -> None:
    """Send a failure of a view or a task, named by `place`."""
    sentry = current_app.extensions.get(EXTENSION)
    if sentry is None:
        return
    with sentry.new_scope() as scope:
        scope.set_tag("place", place)
        scope.set_tag("request_id", request_id.get())
        sentry.capture_exception(error)


def strip_event(event: "Event", hint: dict[str, Any]) -> "Event":
    """Return what may leave of an event."""
    stripped: Any = {name: event.get(name) for name in SENT if name in event}
    exceptions = event.get("exception", {}).get("values", [])
    stripped["exception"] = {"values": [_stripped_exception(value) for value in exceptions]}
    return stripped  # type: ignore[no-any-return]


def _stripped_exception(exception: dict[str, Any]) -> dict[str, Any]:
    frames = (exception.get("stacktrace") or {}).get("frames", [])
    return {
        **{name: exception.get(name) for name in SENT_OF_EXCEPTION},
        "stacktrace": {
            "frames": [{name: frame.get(name) for name in SENT_OF_FRAME} for frame in frames]
        },
    }
