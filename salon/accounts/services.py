"""Use cases of accounts, sign-ins, codes and stations. Times are real, never the demo's."""

import secrets
from contextlib import suppress
from datetime import timedelta
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from salon.accounts import queries, rules
from salon.accounts.models import Account, SavedForm, SignIn, SingleUseCode, Station, StationKind
from salon.accounts.queries import digest, email_key_of
from salon.platform.clock import real_now
from salon.platform.db import current_session, transaction, violates
from salon.platform.errors import LinkExpired
from salon.platform.identity import SYSTEM, Identity, Role
from salon.platform.journal import note, write_entry
from salon.platform.mail import outbox

hasher = PasswordHasher()
SET_UP_LIFETIME = timedelta(hours=24)
ENROLMENT_LIFETIME = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)
FORM_LIFETIME = timedelta(minutes=30)
SIGN_IN = "sign_in"


def create_account(email: str, role: Role, display_name: str, actor: Identity) -> Account:
    """Create an account. Raises AccountExists."""
    account = Account(
        email=email,
        email_key=email_key_of(email),
        role=role,
        display_name=display_name,
        created_at=real_now(),
    )
    try:
        with transaction() as session:
            session.add(account)
            session.flush()
            write_entry(session, actor, "account.created", f"account:{account.id}", role=role)
    except IntegrityError as error:
        if violates(error, "uq_accounts_email_key", "accounts.email_key"):
            raise rules.AccountExists from None
        raise
    return account


def disable_account(account_id: int, actor: Identity) -> None:
    """Disable an account, with its sign-ins and unused codes. Raises LastOrganiser."""
    account = queries.get_account(account_id)
    other_organisers = [
        account for account in queries.live_organisers() if account.id != account_id
    ]
    if account.role == Role.ORGANISER and not other_organisers:
        raise rules.LastOrganiser
    with transaction(account) as session:
        account.disabled_at = real_now()
        session.execute(delete(SignIn).where(SignIn.account_id == account_id))
        _void_codes(session, SingleUseCode.account_id == account_id)
        write_entry(session, actor, "account.disabled", f"account:{account_id}")


def reopen_account(account_id: int, actor: Identity) -> None:
    """Enable a disabled account; its owner must sign in again. Raises AccountErased."""
    account = queries.get_account(account_id)
    with transaction(account) as session:
        rules.check_has_address(account.email)
        if account.disabled_at is None:
            return
        account.disabled_at = None
        write_entry(session, actor, "account.reopened", f"account:{account_id}")


def invite_organiser(email: str, display_name: str, actor: Identity) -> str:
    """Create (or reuse) an organiser's account; return the code of its set-up link (24 h)."""
    account = queries.find_account(email) or create_account(
        email, Role.ORGANISER, display_name, actor
    )
    if account.role != Role.ORGANISER:
        raise rules.AccountExists
    with transaction(account) as session:
        code = _new_code(session, "set_up", SET_UP_LIFETIME, account_id=account.id)
        write_entry(session, actor, "organiser.invited", f"account:{account.id}")
    return code


def find_set_up(code: str) -> Account:
    """Return the account of a set-up link, which stays unused. Raises LinkExpired."""
    link = queries.find_code("set_up", code)
    if link is None or link.account_id is None:
        raise LinkExpired
    rules.check_code_is_live(link.used_at, link.expires_at, real_now())
    return queries.get_account(link.account_id)


def set_up_organiser(code: str, password: str, totp_secret: str, totp: str) -> Account:
    """Set password and TOTP of an organiser; use the link and end older sign-ins.

    Raises LinkExpired, CodeRefused, or the rule that the password breaks.
    """
    account = find_set_up(code)
    rules.check_password_is_strong(password, account.email, account.display_name)
    counter = _counter_of(totp_secret, totp)
    if counter is None:
        raise rules.CodeRefused
    hashed = hasher.hash(password)
    actor = Identity(Role.ORGANISER, account.id, account.display_name)
    with transaction(account) as session:
        link = queries.find_code("set_up", code)
        assert link is not None
        session.refresh(link, with_for_update=True)
        rules.check_code_is_live(link.used_at, link.expires_at, real_now())
        link.used_at = real_now()
        account.password_hash = hashed
        account.totp_secret = totp_secret
        account.totp_last_counter = counter
        session.execute(delete(SignIn).where(SignIn.account_id == account.id))
        write_entry(session, actor, "organiser.set_up", f"account:{account.id}")
    return account


def change_password(account_id: int, current: str, password: str, actor: Identity) -> None:
    """Change a password; every sign-in of the account ends. Raises SignInRefused."""
    account = queries.get_account(account_id)
    if not _password_matches(account.password_hash, current):
        raise rules.SignInRefused
    rules.check_password_is_strong(password, account.email, account.display_name)
    hashed = hasher.hash(password)
    with transaction(account) as session:
        account.password_hash = hashed
        session.execute(delete(SignIn).where(SignIn.account_id == account_id))
        write_entry(session, actor, "account.password_changed", f"account:{account_id}")


def check_password(email: str, password: str, actor: Identity) -> Account:
    """Return the organiser of this address and password.

    Takes as long for an unknown address. Raises SignInRefused.
    """
    account = queries.find_account(email)
    is_organiser = account is not None and account.role == Role.ORGANISER and account.is_ready
    matches = _password_matches(
        account.password_hash if account and is_organiser else _dummy_hash(), password
    )
    if account is None or not is_organiser or not matches:
        note(actor, "sign_in.refused", email=email[:254])
        raise rules.SignInRefused
    return account


def check_totp(account_id: int, totp: str, actor: Identity) -> Account:
    """Return the account if `totp` is its code of now ± 30 s and was never used (RFC 6238)."""
    account = queries.get_account(account_id)
    with transaction(account):
        counter = _counter_of(account.totp_secret, totp)
        accepted = (
            counter is not None
            and counter > account.totp_last_counter
            and account.disabled_at is None
        )
        if accepted and counter is not None:
            account.totp_last_counter = counter
            # Encrypted anew, under the current key: former keys can go once all have signed in.
            flag_modified(account, "totp_secret")
    if not accepted:
        note(actor, "sign_in.refused", f"account:{account_id}", step="totp")
        raise rules.CodeRefused
    return account


def offer_sign_in_code(email: str, browser: str, lifetime: int, *, by_mail: bool = True) -> None:
    """Send a code of `lifetime` seconds to the agent or exhibitor of this address.

    For any other address a code without owner is written, so that both cases look the same.
    Former codes stay good. `by_mail` False: this browser may use the code mailed last, while it is
    live; else one is mailed.
    """
    account = queries.find_account(email)
    is_theirs = account is not None and account.role in (Role.AGENT, Role.EXHIBITOR)
    now = real_now()
    code = f"{secrets.randbelow(10**8):08d}"
    row = SingleUseCode(
        purpose=SIGN_IN,
        code_hash=digest(code if is_theirs else secrets.token_urlsafe(24)),
        account_id=account.id if account is not None and is_theirs else None,
        browser=digest(browser),
        created_at=now,
        expires_at=now + timedelta(seconds=lifetime),
    )
    with transaction() as current_session:
        mailed = None
        if not by_mail and row.account_id is not None:
            mailed = queries.find_live_sign_in_code(row.account_id, now)
        if mailed is not None:
            row.code_hash, row.expires_at = mailed.code_hash, mailed.expires_at
        current_session.add(row)
        if account is None or not is_theirs:
            write_entry(current_session, SYSTEM, "sign_in.unknown")
        elif mailed is None:
            outbox.post(
                current_session,
                "sign_in_code",
                account.email,
                about=f"account:{account.id}",
                code=f"{code[:4]} {code[4:]}",
                minutes=lifetime // 60,
            )


def use_sign_in_code(code: str, browser: str, actor: Identity) -> Account:
    """Return the account of a live code requested by this browser; the code is used.

    Raises CodeRefused (wrong code, or requested by another browser), LinkExpired (used or too old).
    Five wrong tries make the codes of the browser void.
    """
    typed, owner = digest("".join(code.split())), None
    with transaction() as current_session:
        requested = queries.lock_sign_in_codes(digest(browser))
        if not requested:
            raise rules.CodeRefused
        live = [
            row for row in requested if rules.is_code_live(row.used_at, row.expires_at, real_now())
        ]
        live = [row for row in live if row.tries < rules.CODE_TRIES]
        if not live:
            raise LinkExpired
        for row in live:
            row.tries += 1
            if secrets.compare_digest(row.code_hash, typed) and row.account_id is not None:
                owner = current_session.get_one(Account, row.account_id)
        if owner is None or owner.disabled_at is not None:
            subject = f"account:{live[0].account_id}" if live[0].account_id else ""
            write_entry(current_session, actor, "sign_in.refused", subject, step="code")
        else:
            used = SingleUseCode.account_id == owner.id, SingleUseCode.code_hash == typed
            current_session.execute(update(SingleUseCode).where(*used).values(used_at=real_now()))
    if owner is None or owner.disabled_at is not None:
        raise rules.CodeRefused
    return owner


def open_sign_in(
    actor: Identity, account_id: int | None = None, station_id: int | None = None
) -> str:
    """Open a sign-in; return its token of 256 bits, stored only as a digest."""
    token = secrets.token_urlsafe(32)
    now = real_now()
    owner = f"account:{account_id}" if account_id else f"station:{station_id}"
    with transaction() as session:
        session.add(
            SignIn(
                token_hash=digest(token),
                account_id=account_id,
                station_id=station_id,
                created_at=now,
                last_seen_at=now,
            )
        )
        write_entry(session, actor, "sign_in.opened", owner)
    return token


def close_sign_in(token: str, actor: Identity) -> None:
    """End a sign-in: its token is void."""
    with transaction() as session:
        session.execute(delete(SignIn).where(SignIn.token_hash == digest(token)))
        write_entry(session, actor, "sign_in.closed")


def seconds_left_of(token: str, organiser_idle: int, other_idle: int, absolute: int) -> int:
    """Return the seconds until the sign-in of a token ends without activity; 0 when ended."""
    sign_in = queries.find_sign_in(token)
    if sign_in is None or sign_in.account is None or sign_in.account.disabled_at is not None:
        return 0
    idle = organiser_idle if sign_in.account.role == Role.ORGANISER else other_idle
    left = rules.seconds_left(sign_in.created_at, sign_in.last_seen_at, real_now(), idle, absolute)
    return max(0, int(left))


def find_identity_of(
    token: str,
    organiser_idle: int,
    other_idle: int,
    absolute: int,
    notes_visit: bool = True,
) -> Identity | None:
    """Return the identity of a live sign-in token; record the visit at most once a minute."""
    sign_in = queries.find_sign_in(token)
    if sign_in is None:
        return None
    now = real_now()
    if sign_in.account is not None:
        owner, live = sign_in.account, sign_in.account.disabled_at is None
        identity = Identity(owner.role, owner.id, owner.display_name)
        idle = organiser_idle if owner.role == Role.ORGANISER else other_idle
    else:
        station = sign_in.station
        assert station is not None
        live = station.revoked_at is None
        identity = Identity(Role.STATION, station.id, station.name, kind=station.kind)
        idle = absolute
    left = rules.seconds_left(sign_in.created_at, sign_in.last_seen_at, now, idle, absolute)
    if not live or left <= 0:
        return None
    if notes_visit and now - sign_in.last_seen_at >= SEEN_EVERY:
        # A page is read while the database takes no write: the visit is noted another time.
        with suppress(OperationalError, InternalError), transaction() as session:
            session.execute(update(SignIn).where(SignIn.id == sign_in.id).values(last_seen_at=now))
    return identity


def save_form(account: Account, path: str, address: str, content: str) -> None:
    """Save an encrypted form for its author, in place of the one saved before."""
    with transaction(account) as session:
        session.merge(
            SavedForm(
                account_id=account.id,
                path=path,
                address=address,
                content=content,
                kept_at=real_now(),
            )
        )


def find_saved_form(account_id: int) -> SavedForm | None:
    """Return the form saved for an account less than FORM_LIFETIME ago."""
    saved_form = current_session().get(SavedForm, account_id)
    return (
        saved_form
        if saved_form is not None and real_now() - saved_form.kept_at < FORM_LIFETIME
        else None
    )


def drop_saved_forms(account_id: int) -> None:
    """Delete the form saved for an account. Idempotent."""
    with transaction() as session:
        session.execute(delete(SavedForm).where(SavedForm.account_id == account_id))


def create_station(
    name: str,
    door: str,
    edition_id: int | None,
    actor: Identity,
    kind: StationKind = StationKind.SCANNER,
) -> Station:
    """Create a station, not yet enrolled."""
    station = Station(name=name, kind=kind, door=door, edition_id=edition_id, created_at=real_now())
    with transaction() as session:
        session.add(station)
        session.flush()
        write_entry(session, actor, "station.created", f"station:{station.id}", name=name)
    return station


def offer_enrolment(station_id: int, actor: Identity) -> str:
    """Return a single-use code, good for 10 minutes, that enrols a device. Raises NotADevice."""
    station = queries.get_station(station_id)
    rules.check_is_a_device(station.kind != StationKind.PAPER)
    with transaction(station) as session:
        code = _new_code(session, "enrolment", ENROLMENT_LIFETIME, station_id=station_id)
        write_entry(session, actor, "station.offered", f"station:{station_id}")
    return code


def enrol_station(code: str, actor: Identity) -> tuple[Station, str]:
    """Use an enrolment code; return the station and its token, shown this once.

    A former device of the station loses its token and its sign-ins. Raises LinkExpired.
    """
    with transaction() as session:
        enrolment = queries.find_code("enrolment", code)
        if enrolment is None or enrolment.station_id is None:
            raise LinkExpired
        session.refresh(enrolment, with_for_update=True)
        rules.check_code_is_live(enrolment.used_at, enrolment.expires_at, real_now())
        enrolment.used_at = real_now()
        station = session.get_one(Station, enrolment.station_id, with_for_update=True)
        token = _give_token(session, station, actor)
    return station, token


def issue_station_token(name: str, edition_id: int | None, actor: Identity) -> str:
    """Create and enrol a station at once; return its token, shown this once."""
    station = create_station(name, "A", edition_id, actor)
    with transaction(station) as session:
        return _give_token(session, station, actor)


def revoke_station(station_id: int, actor: Identity) -> None:
    """Revoke a station; its sign-ins and unused codes end."""
    station = queries.get_station(station_id)
    with transaction(station) as session:
        station.revoked_at = real_now()
        station.token_hash = None
        session.execute(delete(SignIn).where(SignIn.station_id == station_id))
        _void_codes(session, SingleUseCode.station_id == station_id)
        write_entry(session, actor, "station.revoked", f"station:{station_id}")


def restore_station(station_id: int, actor: Identity) -> None:
    """Restore a revoked station; its device must be enrolled again."""
    station = queries.get_station(station_id)
    with transaction(station) as session:
        if station.revoked_at is None:
            return
        station.revoked_at = station.enrolled_at = None
        write_entry(session, actor, "station.restored", f"station:{station_id}")


def _give_token(session: Session, station: Station, actor: Identity) -> str:
    token = secrets.token_urlsafe(32)
    station.token_hash = digest(token)
    station.enrolled_at = real_now()
    station.revoked_at = None
    session.execute(delete(SignIn).where(SignIn.station_id == station.id))
    write_entry(session, actor, "station.enrolled", f"station:{station.id}")
    return token


def _new_code(
    session: Session,
    purpose: str,
    lifetime: timedelta,
    account_id: int | None = None,
    station_id: int | None = None,
) -> str:
    """Write a single-use code and return it; the former ones of its owner are void."""
    now = real_now()
    owner = (
        SingleUseCode.account_id == account_id
        if account_id
        else SingleUseCode.station_id == station_id
    )
    _void_codes(session, owner, SingleUseCode.purpose == purpose)
    secret = secrets.token_urlsafe(24)
    session.add(
        SingleUseCode(
            purpose=purpose,
            code_hash=digest(secret),
            account_id=account_id,
            station_id=station_id,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return secret


def _void_codes(session: Session, *which: ColumnElement[bool]) -> None:
    """Mark the unused codes that `which` selects as used."""
    unused = update(SingleUseCode).where(*which, SingleUseCode.used_at.is_(None))
    session.execute(unused.values(used_at=real_now()))


@cache
def _dummy_hash() -> str:
    """Return the hash of an unknown secret: an unknown address takes as long as a known one."""
    return hasher.hash(secrets.token_hex(16))


def _password_matches(hashed: str, password: str) -> bool:
    try:
        return hasher.verify(hashed, password)
    except VerifyMismatchError:
        return False


def _counter_of(secret: str, totp: str) -> int | None:
    """Return the 30 s counter, among now ± one step, whose code is `totp`."""
    digits = "".join(totp.split())
    generator = pyotp.TOTP(secret)
    current = int(real_now().timestamp()) // generator.interval
    for counter in (current - 1, current, current + 1):
        if digits.isascii() and secrets.compare_digest(generator.generate_otp(counter), digits):
            return counter
    return None
