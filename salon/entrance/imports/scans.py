"""JSON of the stations' API: everything is valid, or nothing is written."""

from functools import partial
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from salon.entrance.models import Direction
from salon.entrance.rules.health import CheckedPart, CheckState, DeviceCheck, PageFailure
from salon.entrance.rules.scans import printable
from salon.entrance.services.conflicts import Oddity, OwnAnswer
from salon.entrance.services.scan_items import ScanItem
from salon.entrance.services.stations import DeviceReport
from salon.platform.web.access import LAST_ROW
from salon.platform.web.devices.fields import CodeHash, Flag, Instant, Uuid, spelt
from salon.platform.web.devices.reading import (
    Batch,
    Says,
    Sent,
    Unreadable,
    check,
    line_problems,
    read,
)

MOST_SCANS = 500
LONGEST_CODE = 4_296
"""Characters that the largest QR code can hold (version 40, alphanumeric)."""

LONGEST_DOOR = 20
LONGEST_SHOWN = 20
LONGEST_SENT = 2_000
LONGEST_PROBLEM = 500
MOST_FAILURES = 10
LONGEST_FAILURE = 160


Shown = Annotated[
    str,
    spelt(rf"[ -~]{{0,{LONGEST_SHOWN}}}"),
    Says("Le verdict donné sans réseau est attendu, ou rien."),
    Field(description="Le verdict donné sans réseau."),
]


class UnreadableScans(Unreadable):
    message = "Le corps de la demande n’est pas du JSON lisible."


def _check_length(code: str) -> str:
    """Return a code, which may hold lone surrogates. Raises ValueError when it is too long."""
    if len(code) > LONGEST_CODE:
        raise ValueError
    return code


class Scan(Sent):
    """A scan, whichever way it names the badge."""

    refusal = "Un passage est un objet."
    scan_id: Annotated[
        Uuid,
        Says("Un UUID est attendu (8-4-4-4-12 chiffres hexadécimaux)."),
        Field(
            description="Choisi par la station\u00a0; renvoyé, il n’a plus d’effet et reçoit la "
            "même réponse."
        ),
    ]
    code: Annotated[
        str | None, Says(f"Un texte d’au plus {LONGEST_CODE} caractères est attendu.")
    ] = None
    code_hash: Annotated[str, Says("Un SHA-256 en hexadécimal est attendu, sans code.")] = ""
    scanned_at: Annotated[
        Instant,
        Says("Une heure ISO 8601 avec décalage est attendue (…T09:12:00+02:00)."),
        Field(
            description="Heure de la station, avec son décalage. Le jour doit exister.",
            examples=["2021-10-01T09:12:00+02:00"],
        ),
    ]
    door: Annotated[
        str,
        spelt(rf"[ -~\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027]{{1,{LONGEST_DOOR}}}"),
        Says(f"Une porte de 1 à {LONGEST_DOOR} caractères est attendue."),
        Field(examples=["A"]),
    ]
    shown: Shown = ""
    let_in: Annotated[
        Flag,
        Says("Vrai ou faux est attendu."),
        Field(description="L’appareil a laissé passer la personne."),
    ] = False
    direction: Annotated[Direction, Says("«\u00a0in\u00a0» ou «\u00a0out\u00a0» est attendu.")]

    def item(self) -> ScanItem:
        return ScanItem(
            self.scan_id,
            self.code or "",
            self.scanned_at,
            self.door,
            self.direction,
            self.code_hash,
            self.shown,
            self.let_in,
        )


def _forbid_hash(schema: dict[str, Any]) -> None:
    schema["properties"]["code_hash"] = False


class ScanByCode(Scan, json_schema_extra=_forbid_hash):
    """A scan with the text of the QR code."""

    code: Annotated[
        str,
        AfterValidator(_check_length),
        Field(
            description="Ce que le lecteur a lu, tel quel (adresse du QR ou code seul).",
            json_schema_extra={"maxLength": LONGEST_CODE},
        ),
    ]


class ScanByHash(Scan):
    """A scan of a device that stores no code."""

    code: None = None
    code_hash: Annotated[
        CodeHash,
        Field(
            description="À la place de `code` : le SHA-256 des 26 caractères du badge. Un appareil "
            "sans réseau ne garde rien d’autre."
        ),
    ]

    @model_validator(mode="before")
    @classmethod
    def refuse_both(cls, sent: dict[str, object]) -> dict[str, object]:
        """Make the hash wrong when a code comes with it."""
        return sent if sent.get("code") is None else {**sent, "code": None, "code_hash": None}


def _way_of(sent: object) -> str | None:
    """Return the tag of a scan; None when it is not an object."""
    return ("hash" if "code_hash" in sent else "code") if isinstance(sent, dict) else None


AnyScan = Annotated[
    Annotated[ScanByCode, Tag("code")] | Annotated[ScanByHash, Tag("hash")], Discriminator(_way_of)
]
LINE: TypeAdapter[Scan] = TypeAdapter(AnyScan)


class Scans(Batch):
    line = Scan
    refusal = 'Envoyez un objet {"scans": [ … ]}.'
    wrong_size = f"Envoyez de 1 à {MOST_SCANS} passages à la fois."
    wrong_lines = "Des passages sont mal formés\u00a0: rien n’a été enregistré."
    scans: Annotated[list[AnyScan], Field(min_length=1, max_length=MOST_SCANS)]


class Named(Sent):
    """A line that has its number at least."""

    scan_id: Uuid


class OwnAnswerSent(Sent):
    """What a device answered by itself."""

    shown: Shown
    let_in: Flag

    def answer(self) -> OwnAnswer:
        return OwnAnswer(self.shown, self.let_in)


class RefusedScan(Named):
    refusal = "Un UUID (scan_id) et deux textes (sent, problem) sont attendus."
    sent: Annotated[
        str,
        AfterValidator(partial(printable, most=LONGEST_SENT)),
        Field(description="Le passage refusé, tel qu’il a été envoyé."),
    ]
    problem: Annotated[
        str,
        AfterValidator(partial(printable, most=LONGEST_PROBLEM)),
        Field(description="Le motif du refus."),
    ]

    unheard: Annotated[
        OwnAnswerSent | None,
        Field(
            description="Le passage n’est pas refusé\u00a0: sa réponse n’est pas venue à temps, et "
            "la station a fait le contraire, comme dit ici."
        ),
    ] = None

    def oddity(self) -> Oddity:
        unheard = self.unheard.answer() if self.unheard else None
        return Oddity(self.scan_id, self.sent, self.problem, unheard)


class Oddities(Batch):
    line = RefusedScan
    refusal = wrong_size = f'Envoyez {{"oddities": [ … ]}}, de 1 à {MOST_SCANS}.'
    wrong_lines = "Des passages sont mal formés\u00a0: rien n’a été gardé."
    oddities: Annotated[list[RefusedScan], Field(min_length=1, max_length=MOST_SCANS)]


def _clamped(least: int, most: int, absent: int | None = None) -> object:
    """Return the type of a number brought back within its bounds; another value is `absent`."""

    def clamp(sent: object) -> int | None:
        if isinstance(sent, bool) or not isinstance(sent, int | float) or sent != sent:
            return absent
        return int(min(max(sent, least), most))

    return PlainValidator(clamp, json_schema_input_type=int)


def _flag(sent: object) -> bool | None:
    return sent if isinstance(sent, bool) else None


Count = Annotated[int, _clamped(0, LAST_ROW, absent=0)]
OptionalFlag = Annotated[bool | None, PlainValidator(_flag, json_schema_input_type=bool)]


def _cut(most: int) -> object:
    """Return the type of a text cut at its end; another value is the text of it."""
    return PlainValidator(lambda sent: printable(str(sent), most), json_schema_input_type=str)


class Failure(Sent):
    """A failure of the device's page; the device takes out what a badge may have brought."""

    message: Annotated[
        str, _cut(LONGEST_FAILURE), Field(description="Sans nom, sans code, sans nombre.")
    ] = ""
    place: Annotated[str, _cut(80), Field(examples=["station/list.js:12"])] = ""
    version: Annotated[str, _cut(20)] = ""
    count: Count = 1
    seconds_ago: Annotated[Count, Field(description="Depuis la dernière fois.")] = 0


def _failures(sent: object) -> list[Failure]:
    lines = sent if isinstance(sent, list) else []
    failures = [Failure.model_validate(line) for line in lines if isinstance(line, dict)]
    return failures[:MOST_FAILURES]


def _results(sent: object) -> dict[CheckedPart, CheckState]:
    """Return the results that this release knows."""
    results = sent.items() if isinstance(sent, dict) else ()
    parts, states = list(CheckedPart), list(CheckState)
    return {
        CheckedPart(part): CheckState(state)
        for part, state in results
        if part in parts and state in states
    }


class Check(Sent):
    """What the device tried of itself."""

    results: Annotated[
        dict[CheckedPart, CheckState],
        PlainValidator(_results, json_schema_input_type=dict[CheckedPart, CheckState]),
    ] = {}
    seconds_ago: Annotated[Count, Field(description="Depuis l’essai.")] = 0


def _check(sent: object) -> Check | None:
    check = Check.model_validate(sent) if isinstance(sent, dict) else None
    return check if check and check.results else None


class Report(Sent, json_schema_extra={"minProperties": 1}):
    """Health of a device, which can say it however ill it is: a wrong value counts as absent."""

    refusal = "Un objet est attendu."
    waiting: Annotated[Count, Field(description="Passages pas encore envoyés.")] = 0
    to_check: Annotated[Count, Field(description="Passages refusés, gardés.")] = 0
    clock_offset_ms: Annotated[
        int | None,
        _clamped(-LAST_ROW, LAST_ROW),
        Field(description="L’heure du salon moins la sienne."),
    ] = None
    battery: Annotated[
        int | None, _clamped(0, 100), Field(json_schema_extra={"minimum": 0, "maximum": 100})
    ] = None
    is_charging: OptionalFlag = None
    storage_left: Annotated[int | None, _clamped(0, 2**53), Field(description="Octets.")] = None
    is_persisted: OptionalFlag = None
    list_serial: Count = 0
    pages_version: Annotated[str, _cut(20)] = ""
    failures: Annotated[
        list[Failure],
        PlainValidator(_failures, json_schema_input_type=list[Failure]),
        Field(description=f"Les {MOST_FAILURES} dernières défaillances de la page."),
    ] = []

    device_check: Annotated[
        Check | None,
        PlainValidator(_check, json_schema_input_type=Check),
        Field(description="Le dernier essai de l’appareil par lui-même."),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def refuse_nothing(cls, sent: object) -> object:
        if not sent:
            raise ValueError
        return sent


def read_scans(body: bytes) -> list[ScanItem]:
    """Return the scans of a request. Raises UnreadableScans."""
    return [scan.item() for scan in read(Scans, body, UnreadableScans).scans]


def read_scan(sent: object) -> ScanItem:
    """Return one scan of a request that holds more. Raises UnreadableScans."""
    return check(Scans, {"scans": [sent]}, UnreadableScans).scans[0].item()


def read_oddities(body: bytes) -> list[Oddity]:
    """Return the refused scans sent by a device. Raises UnreadableScans."""
    return [line.oddity() for line in read(Oddities, body, UnreadableScans).oddities]


def read_report(body: bytes) -> DeviceReport:
    """Return a device's report of its health. Raises UnreadableScans."""
    report = read(Report, body, UnreadableScans)
    failures = [PageFailure(**failure.model_dump()) for failure in report.failures]
    values = report.model_dump(exclude={"failures", "device_check"})
    check = DeviceCheck(**report.device_check.model_dump()) if report.device_check else None
    return DeviceReport(**values, failures=failures, device_check=check)


def read_line(sent: object) -> ScanItem | list[str]:
    """Return one scan, or the messages of its errors."""
    try:
        return LINE.validate_python(sent).item()
    except ValidationError as error:
        return [message for _, message in line_problems(Scan, error)]


def find_oddity(sent: object) -> Oddity | None:
    """Return a refused scan sent by a device; None when it is badly formed itself."""
    try:
        return RefusedScan.model_validate(sent).oddity()
    except ValidationError:
        return None
