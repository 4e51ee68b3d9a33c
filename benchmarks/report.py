"""The readable report, made from the results files alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path


def render(folder: Path) -> str:
    """The report of the results files in `folder`."""
    data = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}
    parts = [
        "# Measured speed and memory\n\nMade by `python -m benchmarks` from the results files beside it. Seconds are medians; CPU seconds are user and system, children included, and steadier than wall where other work shares the machine. Peak is the most memory one process held.\n"
    ]
    for result in data.values():
        parts.append(f"## {result['what']}\n\n{_about(result['measured_on'])}\n")
        if "rows" in result:
            parts.append(_table(result["rows"]))
        for key, title in (
            ("under_attack", "Under attack"),
            ("framed", "The same pages from ready contents, each put into one frame and written, for orientation"),
            ("processes", "Pages made for the first time, by the number of processes"),
            ("ratios", "Times as long as the program"),
            ("growth", "Power of the size by which the program's cost grows (1: in step with the data)"),
        ):
            if result.get(key):
                parts.append(f"{title}:\n\n{_table(result[key])}")
        if "rows" not in result:
            parts.append(_table([{key: value for key, value in result.items() if key not in ("what", "measured_on", "goals")}]))
        if result.get("goals"):
            parts.append(
                "\n".join(f"- {'met' if goal['met'] else '**missed**'}: {goal['goal']} (measured: {goal['measured']})" for goal in result["goals"]) + "\n"
            )
    return "\n".join(parts)


def _about(machine: dict) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return f"{machine['date']}, {machine['cores']} cores, {machine['system']}, load {machine['load']} at the start; {versions}."


def _table(rows: Iterable[dict]) -> str:
    rows = list(rows)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = ["| " + " | ".join(column.replace("_", " ") for column in columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(_cell(row, column) for column in columns) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(row: dict, column: str) -> str:
    value = row.get(column, "")
    if value is True or value is False:
        return "yes" if value else "no"
    if column in ("wall_s", "cpu_s") and row.get("finished") is False:
        return f"> {value:.0f}, stopped"
    if row.get("at_least") and column in ("wall", "cpu") and value is not None:
        return f"> {value}"
    if value is None or value == "":
        return "not run" if column == "wall_s" else ""
    return str(value)
