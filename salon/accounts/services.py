"""Accounts, sign-ins, codes and stations: what happens. Times are the world's, never the demo's."""

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
from salon.accounts.models import Account, KeptForm, SignIn, SingleUseCode, Station, StationKind
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
FORM_KEPT = timedelta(minutes=30)
SIGN_IN = "sign_in"


def create_account(email: str, role: Role, display_name: str, by: Identity) -> Account:
    """Opens an account. Raises AccountExists."""
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
            write_entry(session, by, "account.created", f"account:{account.id}", role=role)
    except IntegrityError as error:
        if violates(error, "uq_accounts_email_key", "accounts.email_key"):
            raise rules.AccountExists from None
        raise
    return account


def disable_account(account_id: int, by: Identity) -> None:
    """Closes an account, with every sign-in and unused code of it. Raises LastOrganiser."""
    account = queries.get_account(account_id)
    others = [one for one in queries.live_organisers() if one.id != account_id]
    if account.role == Role.ORGANISER and not others:
        raise rules.LastOrganiser
    with transaction(account) as session:
        account.disabled_at = real_now()
        session.execute(delete(SignIn).where(SignIn.account_id == account_id))
        _void_codes(session, SingleUseCode.account_id == account_id)
        write_entry(session, by, "account.disabled", f"account:{account_id}")


def reopen_account(account_id: int, by: Identity) -> None:
    """Opens a closed account again; its owner signs in anew. Raises AccountErased."""
    account = queries.get_account(account_id)
    with transaction(account) as session:
        rules.check_has_address(account.email)
        if account.disabled_at is None:
            return
        account.disabled_at = None
        write_entry(session, by, "account.reopened", f"account:{account_id}")


def invite_organiser(email: str, display_name: str, by: Identity) -> str:
    """Opens (or opens again) an organiser's account; answers the code of its set-up link (24 h)."""
    account = queries.find_account(email) or create_account(email, Role.ORGANISER, display_name, by)
    if account.role != Role.ORGANISER:
        raise rules.AccountExists
    with transaction(account) as session:
        code = _new_code(session, "set_up", SET_UP_LIFETIME, account_id=account.id)
        write_entry(session, by, "organiser.invited", f"account:{account.id}")
    return code


def find_set_up(code: str) -> Account:
    """The account of a set-up link, which stays unused. Raises LinkExpired."""
    found = queries.find_code("set_up", code)
    if found is None or found.account_id is None:
        raise LinkExpired
    rules.check_code_is_live(found.used_at, found.expires_at, real_now())
    return queries.get_account(found.account_id)


def set_up_organiser(code: str, password: str, totp_secret: str, totp: str) -> Account:
    """Sets password and TOTP of an organiser; the link is used, older sign-ins end.

    Raises LinkExpired, CodeRefused, or the rule that the password breaks.
    """
    account = find_set_up(code)
    rules.check_password_is_strong(password, account.email, account.display_name)
    counter = _counter_of(totp_secret, totp)
    if counter is None:
        raise rules.CodeRefused
    hashed = hasher.hash(password)
    by = Identity(Role.ORGANISER, account.id, account.display_name)
    with transaction(account) as session:
        found = queries.find_code("set_up", code)
        assert found is not None
        session.refresh(found, with_for_update=True)
        rules.check_code_is_live(found.used_at, found.expires_at, real_now())
        found.used_at = real_now()
        account.password_hash = hashed
        account.totp_secret = totp_secret
        account.totp_last_counter = counter
        session.execute(delete(SignIn).where(SignIn.account_id == account.id))
        write_entry(session, by, "organiser.set_up", f"account:{account.id}")
    return account


def change_password(account_id: int, current: str, password: str, by: Identity) -> None:
    """Changes a password; every sign-in of the account ends. Raises SignInRefused."""
    account = queries.get_account(account_id)
    if not _password_is(account.password_hash, current):
        raise rules.SignInRefused
    rules.check_password_is_strong(password, account.email, account.display_name)
    hashed = hasher.hash(password)
    with transaction(account) as session:
        account.password_hash = hashed
        session.execute(delete(SignIn).where(SignIn.account_id == account_id))
        write_entry(session, by, "account.password_changed", f"account:{account_id}")


def check_password(email: str, password: str, by: Identity) -> Account:
    """The organiser of this address and password; as long for an unknown address (S-11).

    Raises SignInRefused.
    """
    account = queries.find_account(email)
    known = account is not None and account.role == Role.ORGANISER and account.is_ready
    matches = _password_is(account.password_hash if account and known else _nobody(), password)
    if account is None or not known or not matches:
        note(by, "sign_in.refused", email=email[:254])
        raise rules.SignInRefused
    return account


def check_totp(account_id: int, totp: str, by: Identity) -> Account:
    """The account, when `totp` is its code of now ± 30 s and was never used (RFC 6238)."""
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
        note(by, "sign_in.refused", f"account:{account_id}", step="totp")
        raise rules.CodeRefused
    return account


def offer_sign_in_code(email: str, browser: str, lifetime: int, *, by_mail: bool = True) -> None:
    """Send a code of `lifetime` seconds to the agent or exhibitor of this address.

    For anybody else it writes a code that nobody has: what follows is the same (S-11). The former
    codes stay good. `by_mail` False: this browser may use the code that was mailed last, while it
    is live; else one is mailed.
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


def use_sign_in_code(code: str, browser: str, by: Identity) -> Account:
    """Return the account of one of the live codes that this browser asked for; the code is used.

    Raises CodeRefused (wrong code, or asked from another browser), LinkExpired (used or too old).
    Five wrong tries make the codes of the browser void.
    """
    typed, owner = digest("".join(code.split())), None
    with transaction() as current_session:
        asked = queries.lock_sign_in_codes(digest(browser))
        if not asked:
            raise rules.CodeRefused
        live = [row for row in asked if rules.is_code_live(row.used_at, row.expires_at, real_now())]
        live = [row for row in live if row.tries < rules.CODE_TRIES]
        if not live:
            raise LinkExpired
        for row in live:
            row.tries += 1
            if secrets.compare_digest(row.code_hash, typed) and row.account_id is not None:
                owner = current_session.get_one(Account, row.account_id)
        if owner is None or owner.disabled_at is not None:
            subject = f"account:{live[0].account_id}" if live[0].account_id else ""
            write_entry(current_session, by, "sign_in.refused", subject, step="code")
        else:
            used = SingleUseCode.account_id == owner.id, SingleUseCode.code_hash == typed
            current_session.execute(update(SingleUseCode).where(*used).values(used_at=real_now()))
    if owner is None or owner.disabled_at is not None:
        raise rules.CodeRefused
    return owner


def open_sign_in(by: Identity, account_id: int | None = None, station_id: int | None = None) -> str:
    """Opens a sign-in; answers its token of 256 bits, kept only as a digest."""
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
        write_entry(session, by, "sign_in.opened", owner)
    return token


def close_sign_in(token: str, by: Identity) -> None:
    """Ends a sign-in: its token is worth nothing afterwards."""
    with transaction() as session:
        session.execute(delete(SignIn).where(SignIn.token_hash == digest(token)))
        write_entry(session, by, "sign_in.closed")


def seconds_left_of(token: str, organiser_idle: int, other_idle: int, absolute: int) -> int:
    """Seconds until the sign-in of a token ends if no page is opened; 0 when it has ended."""
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
    """Who holds a sign-in token, unless it ended; notes the visit at most once a minute."""
    found = queries.find_sign_in(token)
    if found is None:
        return None
    now = real_now()
    if found.account is not None:
        owner, live = found.account, found.account.disabled_at is None
        identity = Identity(owner.role, owner.id, owner.display_name)
        idle = organiser_idle if owner.role == Role.ORGANISER else other_idle
    else:
        station = found.station
        assert station is not None
        live = station.revoked_at is None
        identity = Identity(Role.STATION, station.id, station.name, kind=station.kind)
        idle = absolute
    left = rules.seconds_left(found.created_at, found.last_seen_at, now, idle, absolute)
    if not live or left <= 0:
        return None
    if notes_visit and now - found.last_seen_at >= SEEN_EVERY:
        # A page is read while the database takes no write: the visit is noted another time.
        with suppress(OperationalError, InternalError), transaction() as session:
            session.execute(update(SignIn).where(SignIn.id == found.id).values(last_seen_at=now))
    return identity


def keep_form(account: Account, path: str, address: str, content: str) -> None:
    """Keep an encrypted form for its author; it replaces the one kept before."""
    with transaction(account) as session:
        session.merge(
            KeptForm(
                account_id=account.id,
                path=path,
                address=address,
                content=content,
                kept_at=real_now(),
            )
        )


def find_kept_form(account_id: int) -> KeptForm | None:
    """The form kept for an account less than FORM_KEPT ago."""
    kept = current_session().get(KeptForm, account_id)
    return kept if kept is not None and real_now() - kept.kept_at < FORM_KEPT else None


def drop_kept_forms(account_id: int) -> None:
    """Forget the form kept for an account. Idempotent."""
    with transaction() as session:
        session.execute(delete(KeptForm).where(KeptForm.account_id == account_id))


def create_station(
    name: str,
    door: str,
    edition_id: int | None,
    by: Identity,
    kind: StationKind = StationKind.SCANNER,
) -> Station:
    """Adds a station, not yet enrolled."""
    station = Station(name=name, kind=kind, door=door, edition_id=edition_id, created_at=real_now())
    with transaction() as session:
        session.add(station)
        session.flush()
        write_entry(session, by, "station.created", f"station:{station.id}", name=name)
    return station


def offer_enrolment(station_id: int, by: Identity) -> str:
    """A single-use code, good for 10 minutes, that makes a device this station. Raises
    NotADevice."""
    station = queries.get_station(station_id)
    rules.check_is_a_device(station.kind != StationKind.PAPER)
    with transaction(station) as session:
        code = _new_code(session, "enrolment", ENROLMENT_LIFETIME, station_id=station_id)
        write_entry(session, by, "station.offered", f"station:{station_id}")
    return code


def enrol_station(code: str, by: Identity) -> tuple[Station, str]:
    """Uses an enrolment code; answers the station and its token, shown this once.

    A former device of the station loses its token and its sign-ins. Raises LinkExpired.
    """
    with transaction() as session:
        found = queries.find_code("enrolment", code)
        if found is None or found.station_id is None:
            raise LinkExpired
        session.refresh(found, with_for_update=True)
        rules.check_code_is_live(found.used_at, found.expires_at, real_now())
        found.used_at = real_now()
        station = session.get_one(Station, found.station_id, with_for_update=True)
        token = _give_token(session, station, by)
    return station, token


def issue_station_token(name: str, edition_id: int | None, by: Identity) -> str:
    """Adds and enrols a station at once; answers its token, shown this once."""
    station = create_station(name, "A", edition_id, by)
    with transaction(station) as session:
        return _give_token(session, station, by)


def revoke_station(station_id: int, by: Identity) -> None:
    """A revoked station is refused at its next call; its sign-ins and unused codes end."""
    station = queries.get_station(station_id)
    with transaction(station) as session:
        station.revoked_at = real_now()
        station.token_hash = None
        session.execute(delete(SignIn).where(SignIn.station_id == station_id))
        _void_codes(session, SingleUseCode.station_id == station_id)
        write_entry(session, by, "station.revoked", f"station:{station_id}")


def restore_station(station_id: int, by: Identity) -> None:
    """A revoked station is one again; its device must be enrolled anew."""
    station = queries.get_station(station_id)
    with transaction(station) as session:
        if station.revoked_at is None:
            return
        station.revoked_at = station.enrolled_at = None
        write_entry(session, by, "station.restored", f"station:{station_id}")


def _give_token(session: Session, station: Station, by: Identity) -> str:
    token = secrets.token_urlsafe(32)
    station.token_hash = digest(token)
    station.enrolled_at = real_now()
    station.revoked_at = None
    session.execute(delete(SignIn).where(SignIn.station_id == station.id))
    write_entry(session, by, "station.enrolled", f"station:{station.id}")
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
    """Marks the unused codes that `which` selects as used."""
    unused = update(SingleUseCode).where(*which, SingleUseCode.used_at.is_(None))
    session.execute(unused.values(used_at=real_now()))


@cache
def _nobody() -> str:
    """The hash of a secret that nobody has: an unknown address takes as long as a known one."""
    return hasher.hash(secrets.token_hex(16))


def _password_is(hashed: str, password: str) -> bool:
    try:
        return hasher.verify(hashed, password)
    except VerifyMismatchError:
        return False


def _counter_of(secret: str, totp: str) -> int | None:
    """The 30 s counter, among now and one step on each side, whose code is `totp`."""
    digits = "".join(totp.split())
    generator = pyotp.TOTP(secret)
    current = int(real_now().timestamp()) // generator.interval
    for counter in (current - 1, current, current + 1):
        if digits.isascii() and secrets.compare_digest(generator.generate_otp(counter), digits):
            return counter
    return None
