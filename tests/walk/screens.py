"""What each screen says of each thing at a moment, read by the words of the glossary."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lxml import html

from salon.staffing.models import Agent
from tests.pages import PageClient
from tests.walk.drawn_day import AGENTS, STATIONS, VISITORS, DrawnDay
from tests.walk.words import states_said

Key = tuple[str, ...]


@dataclass
class Said:
    """What the screens say of one moment: the states of each key, and whole lists, by screen."""

    states: dict[Key, dict[str, frozenset[str]]] = field(default_factory=dict)
    lists: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)

    def of(self, key: Key, screen: str, states: frozenset[str]) -> None:
        known = self.states.setdefault(key, {})
        known[screen] = known.get(screen, states) & states

    def list_of(self, name: str, screen: str, entries: Iterable[str]) -> None:
        self.lists.setdefault(name, {})[screen] = frozenset(entries)

    def contradictions(self) -> Iterator[str]:
        """Yield each key of which no state is said by all screens, and lists that differ."""
        for key, by_screen in self.states.items():
            if not frozenset.intersection(*by_screen.values()):
                yield f"{' '.join(key)}: {_words(by_screen)}"
        for name, by_screen in self.lists.items():
            if len(set(by_screen.values())) > 1:
                yield f"{name}: {_words(by_screen)}"


def _words(by_screen: Mapping[str, frozenset[str]]) -> str:
    return "; ".join(f"{screen} {sorted(said)}" for screen, said in sorted(by_screen.items()))


def tree_of(client: PageClient, path: str) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return html.fromstring(answer.get_data(as_text=True)).find(".//main")


def text_of(element: html.HtmlElement) -> str:
    return " ".join("".join(element.itertext()).replace("\u00a0", " ").split())


def badges(tree: html.HtmlElement, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (name, words) of each badge of state whose smallest block names one of them alone."""
    for badge in tree.iterfind(".//span[@class]"):
        if "state" not in badge.get("class", "").split():
            continue
        for block in badge.iterancestors("li", "tr", "section", "div", "main"):
            block_text = text_of(block)
            named = [name for name in names if re.search(rf"\b{name}\b", block_text)]
            if named:
                if len(named) == 1:
                    yield named[0], text_of(badge)
                break


def read_appointments(said: Said, screen: str, tree: html.HtmlElement) -> None:
    for name, words in badges(tree, VISITORS):
        for states in states_said(words, "rendez-vous"):
            said.of(("rendez-vous", name), screen, states)


def to_fill(tree: html.HtmlElement, blocks: str) -> Iterator[str]:
    """Yield « Rouanet 9 h » of each shift to fill that a page lists."""
    for block in tree.iterfind(blocks):
        block_text = text_of(block)
        heading = (
            block.find(".//h2")
            if block.tag == "section"
            else next(block.iterancestors("li")).find(".//p")
        )
        name = next((agent for agent in AGENTS if agent in text_of(heading)), None)
        start = re.search(r"(?:De )?(\d{1,2} h(?: \d\d)?) (?:–|à) \d{1,2} h", block_text)
        if name and start:
            yield f"{name} {start.group(1)}"


def read_file(said: Said, screen: str, client: PageClient, path: str) -> None:
    text = client.get(path).get_data(as_text=True).lstrip("\ufeff")
    for row in csv.DictReader(io.StringIO(text), delimiter=";"):
        for states in states_said(row["État"], "rendez-vous"):
            said.of(("rendez-vous", row["Nom"]), screen, states)


Pages = dict[str, PageClient]


def read_all(day: DrawnDay, clients: Pages, moment: datetime, rank: int) -> Said:
    """Open every screen that speaks of these things, as each role, and return what they say."""
    said = Said()
    day_board = tree_of(clients["organiser"], "/organisation/village/jour")
    _read_staff(said, "organiser", clients["organiser"], day_board)
    own_board = tree_of(clients["coordinator"], "/organisation/village/jour")
    _read_staff(said, "coordinator", clients["coordinator"], own_board)
    _read_organiser(said, clients["organiser"], day)
    for role, agent in zip(("agent", "coordinator"), day.agents, strict=False):
        _read_own(said, clients[role], role, agent, day_board)
        read_appointments(said, f"{role}: agenda", tree_of(clients[role], "/planning/rendez-vous"))
    _read_wall(said, clients)
    number = rank % len(VISITORS)  # one visitor's own pages a quarter hour, each in turn
    _read_visitor(said, clients["visitor"], day, number)
    path = f"/planning/rendez-vous/{day.appointments[number].id}"
    head = tree_of(clients["organiser"], path).find(".//div[@class='page-head']")
    for badge in () if head is None else head.iterfind(".//span[@class]"):
        for states in states_said(text_of(badge), "rendez-vous"):
            said.of(("rendez-vous", VISITORS[number]), "organiser: sheet", states)
    return said


def _read_staff(said: Said, role: str, client: PageClient, day_board: html.HtmlElement) -> None:
    own = "Département" if role == "coordinator" else ""
    board = tree_of(client, "/organisation/rendez-vous")
    read_appointments(said, f"{role}: appointments", board)
    read_stands(said, f"{role}: day board", day_board)
    stand_ins = tree_of(client, "/organisation/village/remplacements")
    lists = {
        "day board": to_fill(day_board, ".//section[@aria-labelledby='day-to-fill']//li//li"),
        "stand-ins": to_fill(stand_ins, ".//section"),
    }
    for screen, entries in lists.items():
        said.list_of(f"to fill {own}", f"{role}: {screen}", entries)
    pages = [("day board", day_board), ("stand-ins", stand_ins)]
    if role == "organiser":
        pages.append(("overview", tree_of(client, "/organisation")))
    counts = {
        screen: re.findall(r"(\d+) vacations? à pourvoir", text_of(tree)) or ["0"]
        for screen, tree in pages
    }
    for screen, count in counts.items():
        said.list_of(f"count to fill {own}", f"{role}: {screen}", count[:1])


def _read_organiser(said: Said, client: PageClient, day: DrawnDay) -> None:
    read_appointments(said, "organiser: agenda", tree_of(client, "/planning/rendez-vous"))
    for number in ("V0", "V2"):
        read_appointments(
            said, f"organiser: queue {number}", tree_of(client, f"/planning/file/{number}")
        )
    read_file(said, "organiser: list", client, "/organisation/rendez-vous.csv")
    read_file(said, "organiser: follow-ups", client, "/organisation/rendez-vous/suites.csv")
    untended = {
        name
        for name, words in badges(tree_of(client, "/organisation/rendez-vous"), VISITORS)
        if words == "Sans agent"
    }
    rescue = tree_of(client, "/organisation/rendez-vous/sauvetage")
    plan = [text_of(line) for line in rescue.iterfind(".//section[@aria-labelledby='plan']//li")]
    lost = {name for name in VISITORS for line in plan if re.search(rf"\b{name}\b", line)}
    said.list_of("without agent", "organiser: appointments", untended)
    said.list_of("without agent", "organiser: rescue", lost)
    live = client.get("/organisation/entrees.json").get_json()
    figure = next(str(value) for name, value in _figures(live) if name == "inside")
    said.list_of("inside", "organiser: live", [figure])
    said.list_of("inside", "the doors", [str(len(day.inside))])
    stations = tree_of(client, "/organisation/stations")
    silent = {
        name
        for name in STATIONS
        for line in stations.iterfind(".//li")
        if name in text_of(line) and "Sans nouvelles" in text_of(line)
    }
    rows = [row for row in live["tables"]["station"] if "Sans nouvelles" in row[2]]
    said.list_of("silent stations", "organiser: stations", silent)
    said.list_of("silent stations", "organiser: live", [row[0] for row in rows])
    for name, words in badges(stations, STATIONS):
        for states in states_said(words, "station"):
            in_live = name in [row[0] for row in live["tables"]["station"]]
            said.of(("station", name), "organiser: stations", states)
            shown = (
                frozenset({"in_service"})
                if in_live
                else frozenset({"revoked", "to_enrol", "expired"})
            )
            said.of(("station", name), "organiser: live", frozenset(shown))


def _figures(live: dict[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in live.items():
        if isinstance(value, dict):
            yield from _figures(value)
        else:
            yield name.removeprefix("live-"), value


def read_stands(said: Said, screen: str, board: html.HtmlElement) -> None:
    """Read the state of each stand of the board, and of each agent named on it."""
    for section in board.iterfind(".//section"):
        number = re.search(r"stand (V\d)", text_of(section))
        badge = section.find("./p/span")
        if number and badge is not None and "day-stand" in section.get("class", ""):
            said.list_of(f"stand {number.group(1)}", screen, [text_of(badge)])
            lines = section.iterfind(".//li")
            people = [f"{name}, {words}" for line in lines for name, words in badges(line, AGENTS)]
            said.list_of(f"on stand {number.group(1)}", screen, people)


def _read_wall(said: Said, clients: Pages) -> None:
    """The wall says in words what the board shows by badges."""
    for role in ("organiser", "host"):
        wall = clients[role].get("/organisation/village/mural.json").get_json()
        for stand in wall["stands"]:
            said.list_of(
                f"stand {stand['number']}", f"{role}: wall", [stand["word"].replace("\u00a0", " ")]
            )
            people = []
            for line in (*stand["here"], *stand["awaited"], *stand["coming"]):
                name = next(agent for agent in (*AGENTS, "Ucel") if agent in line)
                words = line.replace("\u00a0", " ").partition(", ")[2]
                word, *more = re.split(", (?=remplacement)", words)
                if name in AGENTS:
                    people += [f"{name}, {words[0].upper()}{words[1:]}" for words in (word, *more)]
            said.list_of(f"on stand {stand['number']}", f"{role}: wall", people)


def _read_own(
    said: Said, client: PageClient, role: str, agent: Agent, day_board: html.HtmlElement
) -> None:
    """An agent's own page says which of the agent's shifts are to fill, as the board does."""
    rota = tree_of(client, "/planning")
    read_appointments(said, f"{role}: my rota", rota)
    missed = []
    for line in rota.iterfind(".//li[@class='my-shift']"):
        own_states = {
            state
            for badge in line.iterfind(".//span[@class]")
            for states in states_said(text_of(badge), "vacation")
            for state in states
        }
        start = re.search(r"(\d{1,2} h(?: \d\d)?) –", text_of(line))
        if own_states & {"absent", "seeking"} and start:
            missed.append(f"{agent.last_name} {start.group(1)}")
    entries = to_fill(day_board, ".//section[@aria-labelledby='day-to-fill']//li//li")
    own_entries = [entry for entry in entries if entry.startswith(agent.last_name)]
    said.list_of(f"to fill of {agent.last_name}", "organiser: day board", own_entries)
    said.list_of(f"to fill of {agent.last_name}", f"{role}: my rota", missed)


def _read_visitor(said: Said, client: PageClient, day: DrawnDay, number: int) -> None:
    appointment, visitor = day.appointments[number], day.visitors[number]
    own = f"/rendez-vous/{appointment.private_token}"
    badge = f"/badge/{visitor.badges[0].private_token}"
    for path in (own, badge, f"{badge}/rendez-vous"):
        tree = tree_of(client, path)
        found = [
            states
            for element in tree.iterfind(".//span[@class]")
            if "state" in element.get("class", "").split()
            for states in states_said(text_of(element), "rendez-vous", is_visitor=True)
        ]
        for states in found[:1]:
            said.of(("rendez-vous", VISITORS[number]), f"visitor: {path[:8]}", states)
