"""The panels of a Grafana dashboard, drawn as a page that asks nothing of any host."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Self

COLOURS = ("#73bf69", "#f2cc0c", "#5794f2", "#ff780a", "#e02f44", "#b877d9", "#8ab8ff", "#fade2a")
NAMED = {"green": "#1a7f4b", "orange": "#c4620d", "red": "#c4162a"}
ROW_PX, COLUMNS = 34, 24
WIDTH, HEIGHT = 1000, 300
DURATIONS = ((86_400, "j"), (3_600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (0, "µs"))
SIZES = ((2**40, "Tio"), (2**30, "Gio"), (2**20, "Mio"), (2**10, "kio"), (0, "o"))
SUFFIXES = {"opm": " /min", "reqps": " /s"}

STYLE = f"""
body {{ margin: 8px; background: #111217; color: #ccccdc; font: 14px/1.3 sans-serif }}
main {{ display: grid; grid-template-columns: repeat({COLUMNS}, 1fr); gap: 6px;
  grid-auto-rows: {ROW_PX}px }}
section {{ background: #181b1f; border: 1px solid #2c3235; padding: 6px 8px; overflow: hidden;
  display: flex; flex-direction: column; min-width: 0 }}
h2 {{ font-size: 14px; font-weight: 500; margin: 0; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis; flex: none }}
i {{ font: italic 600 10px serif; border: 1px solid; border-radius: 50%; padding: 0 5px }}
p {{ margin: 0; flex: none; font-size: 11px; color: #9fa3b3 }}
.value {{ flex: 1; display: grid; place-items: center; color: #fff;
  font-size: 28px; font-weight: 600 }}
.drawing {{ flex: 1; min-height: 0; display: grid; grid-template-columns: 62px 1fr }}
.scale {{ display: flex; flex-direction: column; justify-content: space-between; font-size: 11px }}
svg {{ width: 100%; height: 100%; background: #111217 }}
table {{ border-collapse: collapse; font-size: 12px; margin-top: 4px; width: 100% }}
th, td {{ text-align: left; padding: 1px 6px; border-bottom: 1px solid #2c3235 }}
"""


class Panel:
    """A panel of the dashboard's file, and the series that its expressions gave."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self.title: str = content["title"]
        self.targets: list[dict[str, Any]] = content["targets"]
        self.defaults: dict[str, Any] = content["fieldConfig"]["defaults"]
        self.unit: str = self.defaults["unit"]
        self.transformations: list[dict[str, Any]] = content.get("transformations", [])
        self.series: list[Series] = []

    def renamed(self, name: str) -> str:
        """Return the name of a series once the panel's `renameByRegex` have been over it."""
        for transformation in self.transformations:
            options = transformation["options"]
            if transformation["id"] == "renameByRegex" and (
                match := re.fullmatch(options["regex"], name)
            ):
                name = re.sub(
                    r"\$(\d)", lambda number: match[int(number[1])], options["renamePattern"]
                )
        return name


@dataclass(frozen=True)
class Series:
    """The values of one legend over time; what is no number is left out."""

    name: str
    labels: dict[str, str]
    points: list[tuple[float, float]]

    @classmethod
    def read(
        cls, panel: Panel, target: dict[str, Any], labels: dict[str, str], values: list[list[Any]]
    ) -> Self:
        name = re.sub(
            r"{{\s*(\w+)\s*}}", lambda label: labels.get(label[1], ""), target["legendFormat"]
        )
        points = [(float(at), float(value)) for at, value in values]
        finite_points = [(at, value) for at, value in points if math.isfinite(value)]
        return cls(panel.renamed(name), labels, finite_points)

    @property
    def last(self) -> float:
        return self.points[-1][1] if self.points else math.nan


def text_of(value: float, unit: str) -> str:
    """Write a value in a unit of Grafana."""
    if math.isnan(value):
        return "–"
    if unit == "s":
        return _scaled(value, DURATIONS)
    if unit == "bytes":
        return _scaled(value, SIZES)
    if unit == "percentunit":
        return f"{value * 100:.3g} %"
    return (f"{value:,.0f}" if value >= 1000 else f"{value:.3g}") + SUFFIXES.get(unit, "")


def _scaled(value: float, steps: Sequence[tuple[float, str]]) -> str:
    size, word = next(step for step in steps if abs(value) >= step[0])
    if value == 0:
        return "0 " + ("s" if steps is DURATIONS else "o")
    return f"{value / (size or (1e-6 if steps is DURATIONS else 1)):.3g} {word}"


def dashboard_page(title: str, panels: Sequence[Panel]) -> str:
    """Draw all panels where the dashboard places them."""
    drawn = "".join(_drawn(panel) for panel in panels)
    head = f"<meta charset=utf-8><title>{escape(title)}</title><style>{STYLE}</style>"
    return (
        f"<!doctype html><html lang=fr><head>{head}</head><body><main>{drawn}</main></body></html>"
    )


def _drawn(panel: Panel) -> str:
    at = panel.content["gridPos"]
    place = f"grid-column: {at['x'] + 1} / span {at['w']}; grid-row: {at['y'] + 1} / span {at['h']}"
    if panel.content["type"] == "stat":
        place += f"; background: {_threshold_colour(panel)}"
        inside = f"<div class=value>{escape(_stat_text(panel))}</div>"
    elif not panel.series:
        inside = f"<div class=value>{escape(panel.defaults.get('noValue', 'No data'))}</div>"
    elif panel.content["type"] == "table":
        inside = _table(panel)
    else:
        inside = _curves(panel)
    words = panel.content["description"]
    # Grafana shows the mark, and the words under the pointer.
    title, paragraph = f"{escape(panel.title)} <i>i</i>", ""
    if panel.content["type"] != "stat":
        title, paragraph = escape(panel.title), f"<p>{escape(words)}</p>"
    return f'<section style="{place}"><h2>{title}</h2>{paragraph}{inside}</section>'


def _stat_text(panel: Panel) -> str:
    if not panel.series:
        return str(panel.defaults.get("noValue", "No data"))
    value = panel.series[0].last
    for mapping in panel.defaults.get("mappings", []):
        if words := mapping["options"].get(f"{value:g}"):
            return str(words["text"])
    return text_of(value, panel.unit)


def _threshold_colour(panel: Panel) -> str:
    value = panel.series[0].last if panel.series else -math.inf
    steps = panel.defaults["thresholds"]["steps"]
    reached = [step for step in steps if step["value"] is None or value >= step["value"]]
    return NAMED[reached[-1]["color"]]


def _table(panel: Panel) -> str:
    """Return every label and the value as columns, but those that `organize` excludes."""
    organize = next((t["options"] for t in panel.transformations if t["id"] == "organize"), {})
    excluded, names = organize.get("excludeByName", {}), organize.get("renameByName", {})
    rows = [
        {"Time": "…", **series.labels, "Value": text_of(series.last, panel.unit)}
        for series in panel.series
    ]
    columns = [column for column in rows[0] if not excluded.get(column)]
    head = "".join(f"<th>{escape(names.get(column, column))}</th>" for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(row[column])}</td>" for column in columns) for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _curves(panel: Panel) -> str:
    times = [at for series in panel.series for at, _ in series.points] or [0.0]
    values = [value for series in panel.series for _, value in series.points] or [0.0]
    low, high = min(panel.defaults.get("min", min(values)), min(values)), max(values)
    begin, width, height = min(times), max(times) - min(times) or 1, high - low or 1
    lines, legend = [], []
    for number, series in enumerate(panel.series):
        colour = COLOURS[number % len(COLOURS)]
        places = (
            (WIDTH * (at - begin) / width, HEIGHT * (0.98 - 0.96 * (value - low) / height))
            for at, value in series.points
        )
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        lines.append(
            f'<polyline points="{points}" fill=none stroke="{colour}" stroke-width=2'
            ' vector-effect="non-scaling-stroke"/>'
        )
        last = text_of(series.last, panel.unit)
        legend.append(f'<span style="color: {colour}">▬ {escape(series.name)}</span> {last}')
    bounds = "".join(f"<span>{text_of(value, panel.unit)}</span>" for value in (high, low))
    drawing = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio=none>{"".join(lines)}</svg>'
    drawing = f"<div class=drawing><div class=scale>{bounds}</div>{drawing}</div>"
    return f"{drawing}<p>{' &nbsp; '.join(legend)}</p>"
