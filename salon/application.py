"""The application: the only place that knows all features."""

from collections.abc import Callable

from flask import Flask, g
from flask_wtf import CSRFProtect
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

import salon.models  # noqa: F401  (relationships name each other's tables)
from salon.accounts.access.rights import register_rights
from salon.accounts.access.saved_forms import register_saved_forms
from salon.accounts.access.sign_ins import Sessions, load_identity
from salon.accounts.routes import blueprint as accounts_blueprint
from salon.addresses import ROWS, find_edition_about
from salon.appointments.documents.mail import attachments as appointment_attachments
from salon.appointments.presenters.agenda import mark_of, visitor_mark_of
from salon.appointments.routes import blueprint as appointments_blueprint
from salon.appointments.services.days import AppointmentsFollower
from salon.appointments.services.engagements import Appointments
from salon.appointments.services.place import AppointmentsPlaceFollower
from salon.appointments.services.rearrangement import VisitorsFollower
from salon.appointments.services.standing import AppointmentsStandingFollower
from salon.badges.documents.mail import attachments as badge_attachments
from salon.badges.routes import blueprint as badges_blueprint
from salon.badges.services.days import BadgesFollower
from salon.badges.services.place import BadgesPlaceFollower
from salon.badges.services.standing import BadgesStandingFollower
from salon.billing.documents.mail import attachments as billing_attachments
from salon.billing.routes import blueprint as billing_blueprint
from salon.billing.services.standing import BillingFollower
from salon.commands import register_commands
from salon.dashboard.access import register_staff_frame
from salon.dashboard.routes import blueprint as dashboard_blueprint
from salon.demonstration.guard import register_guard
from salon.demonstration.routes import blueprint as demonstration_blueprint
from salon.demonstration.services import demonstration_bar
from salon.duplicates.routes import blueprint as duplicates_blueprint
from salon.entrance.api import blueprint as api_blueprint
from salon.entrance.queries.day_presences import DayPresences
from salon.entrance.routes import blueprint as entrance_blueprint
from salon.exhibitor_space.routes import blueprint as exhibitor_space_blueprint
from salon.exhibitors.routes import blueprint as exhibitors_blueprint
from salon.exhibitors.services.days import ExhibitorsFollower
from salon.exhibitors.services.place import ExhibitorsPlaceFollower
from salon.exhibitors.services.standing import ExhibitorsStandingFollower
from salon.fair.access import find_request_edition, register_editions, scope_reads
from salon.fair.queries import find_mail_choices
from salon.fair.routes import blueprint as fair_blueprint
from salon.fair.rules import phase_of
from salon.fair.services.rearrangement import FloorFollower
from salon.first_day.access import register_first_day
from salon.first_day.routes import blueprint as first_day_blueprint
from salon.invitations.routes import blueprint as invitations_blueprint
from salon.kiosk.api import blueprint as kiosk_api_blueprint
from salon.kiosk.routes import blueprint as kiosk_blueprint
from salon.leads.routes import blueprint as leads_blueprint
from salon.mailings.routes import blueprint as mailings_blueprint
from salon.mailings.routes import unsubscribing
from salon.open_data.routes import blueprint as open_data_blueprint
from salon.paper.routes import blueprint as paper_blueprint
from salon.placement.routes import blueprint as placement_blueprint
from salon.placement.services.rearrangement import PlacementFollower
from salon.platform.database.consequences import (
    DaysChange,
    PlaceChange,
    Rearrangement,
    StandingChange,
    register_followers,
)
from salon.platform.database.day_presences import register_day_presences
from salon.platform.database.db import register_database
from salon.platform.database.demonstration_state import register_demonstration, shows_demonstration
from salon.platform.database.engagements import register_engagements
from salon.platform.documents.qr import qr_svg
from salon.platform.mail.delivery import register_mail, shown_words_of
from salon.platform.pages.acts import register_acts
from salon.platform.pages.confirmation import register_confirmations
from salon.platform.pages.public_pages import register_public_pages
from salon.platform.pages.setting_pages import is_preview
from salon.platform.pages.stored_reads import register_stored_reads
from salon.platform.settings.clock import local, now
from salon.platform.settings.edition import register_edition
from salon.platform.settings.installation import ROOT, Settings, read_settings
from salon.platform.web.access import LAST_ROW, find_identity, register_access, register_uploads
from salon.platform.web.assets import register_assets
from salon.platform.web.deadlines import register_deadlines
from salon.platform.web.error_pages import register_errors
from salon.platform.web.headers import register_headers
from salon.platform.web.long_answers import register_long_answers
from salon.platform.web.probes import register_probes
from salon.platform.web.requests import register_requests
from salon.platform.web.routing import Route
from salon.platform.words.formats import register_formats
from salon.platform.words.markdown import register_markdown
from salon.platform.words.typography import register_typography
from salon.platform.work.alarms import alarm_words
from salon.platform.work.metrics import register_metrics
from salon.platform.work.migrations import register_migrations
from salon.platform.work.operations import register_operations
from salon.platform.work.sentry import register_sentry
from salon.public_tables import HIDDEN_TABLES, REVISIONS
from salon.reads.api import blueprint as reads_api_blueprint
from salon.reads.routes import blueprint as reads_blueprint
from salon.safety.routes import blueprint as safety_blueprint
from salon.staffing.documents.mail import attachments as rota_attachments
from salon.staffing.routes import blueprint as staffing_blueprint
from salon.staffing.services.days import RotaFollower
from salon.staffing.services.place import RotaPlaceFollower
from salon.staffing.services.rearrangement import VillageFollower
from salon.staffing.services.standing import RotaStandingFollower
from salon.village_day.routes import blueprint as village_day_blueprint

csrf = CSRFProtect()

BLUEPRINTS = (
    accounts_blueprint,
    fair_blueprint,
    exhibitors_blueprint,
    placement_blueprint,
    billing_blueprint,
    exhibitor_space_blueprint,
    safety_blueprint,
    staffing_blueprint,
    village_day_blueprint,
    badges_blueprint,
    invitations_blueprint,
    appointments_blueprint,
    entrance_blueprint,
    api_blueprint,
    kiosk_blueprint,
    kiosk_api_blueprint,
    leads_blueprint,
    open_data_blueprint,
    paper_blueprint,
    reads_blueprint,
    reads_api_blueprint,
    duplicates_blueprint,
    mailings_blueprint,
    first_day_blueprint,
    unsubscribing.blueprint,
    dashboard_blueprint,
    demonstration_blueprint,
)


class RowNumber(IntegerConverter):
    """Converter of a row number in an address: the range of the databases' INTEGER, else a 404."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=LAST_ROW)


class Application(Flask):
    """Flask application without asynchronous views, whose log of a failure does not repeat the
    requested address."""

    url_rule_class = Route

    def ensure_sync(self, func: Callable[..., object]) -> Callable[..., object]:
        """Return the function: Flask would look at each of twenty a request, in vain."""
        return func

    def log_exception(self, exc_info: object) -> None:
        """Leave the failure to the error handler, which logs it."""


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Raises UnsafeSettings when the environment is not safe."""
    settings = settings or read_settings()
    app = Application(
        "salon",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.update(settings.flask_config())
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    register_probes(app, settings.trusted_hosts[0])

    register_metrics(app, settings)
    register_requests(app, settings)
    register_sentry(app, settings)

    register_database(app)
    register_public_pages(app, HIDDEN_TABLES, REVISIONS)
    register_stored_reads(app)
    register_demonstration(app, settings)
    register_migrations(app)
    register_deadlines(app)
    register_uploads(app)
    csrf.init_app(app)
    app.session_interface = Sessions()
    register_errors(app)
    register_formats(app)
    register_typography(app)
    register_markdown(app)
    app.jinja_env.globals["is_preview"] = is_preview
    register_assets(app)
    app.jinja_env.globals["qr_svg"] = lambda payload, title: Markup(qr_svg(payload, title=title))
    _register_features(app)
    register_long_answers(app)
    register_headers(app, settings.secure_cookies)
    register_operations(app, settings.data)
    app.jinja_env.globals["alarm"] = lambda: alarm_words(settings)
    return app


def _edition_id() -> int | None:
    edition = find_request_edition()
    return edition.id if edition else None


def _register_features(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    csrf.exempt(api_blueprint)
    csrf.exempt(kiosk_api_blueprint)
    csrf.exempt(reads_api_blueprint)
    # Mail programs stop messages by a POST without page nor cookie (RFC 8058).
    csrf.exempt(unsubscribing.stop)
    register_guard(app)
    register_editions(app, ROWS)
    register_access(app, load_identity, _edition_id)
    scope_reads(app)
    register_rights(app)
    register_first_day(app)
    register_saved_forms(app)
    register_acts(app)
    register_staff_frame(app)
    register_commands(app)
    attachments = (
        *(badge_attachments, rota_attachments, appointment_attachments),
        billing_attachments,
    )
    register_edition(app, find_request_edition)
    register_mail(app, find_edition_about, attachments, find_mail_choices)
    register_confirmations(app, shown_words_of)
    register_engagements(app, Appointments(mark_of, visitor_mark_of))
    register_day_presences(app, DayPresences())
    days = (ExhibitorsFollower(), RotaFollower(), BadgesFollower(), AppointmentsFollower())
    stands = (VillageFollower(), FloorFollower(), PlacementFollower(), VisitorsFollower())
    standing = (
        ExhibitorsStandingFollower(),
        BillingFollower(),
        RotaStandingFollower(),
        BadgesStandingFollower(),
        AppointmentsStandingFollower(),
    )
    place = (
        ExhibitorsPlaceFollower(),
        RotaPlaceFollower(),
        BadgesPlaceFollower(),
        AppointmentsPlaceFollower(),
    )
    register_followers(
        app,
        {
            DaysChange: days,
            PlaceChange: place,
            Rearrangement: stands,
            StandingChange: standing,
        },
    )

    @app.context_processor
    def page_context() -> dict[str, object]:
        failing = g.get("failing", False)
        edition = None if failing else find_request_edition()
        return {
            "edition": edition,
            "fair_phase": lambda: phase_of(edition, local(now())) if edition else None,
            "identity": None if failing else find_identity(),
            "settings": app.config["SALON"],
            "demo": None if failing or not shows_demonstration() else demonstration_bar(edition),
        }
