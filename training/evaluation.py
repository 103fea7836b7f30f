"""How well the live model understands a labelled file."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.settings import ROOT
from training.models import ENGINE_PYTHON, engine_environment

FALLBACK = "nlu_fallback"
DOUBT = "nlu_danger_doubt"  # the person is asked whether there is danger
OUT_OF_SCOPE = "out_of_scope"
TASKS_AND_TALK = ("conversation", "tasks")


class BadLine(ValueError):
    """A line of the file is not a labelled message; says which one and why."""


@dataclass(frozen=True)
class Labelled:
    """A message and what it means."""

    text: str
    lang: str
    intent: str
    also: tuple[str, ...] = ()
    style: str = "plain"


def read_messages(path: Path, intents: Iterable[str]) -> list[Labelled]:
    """The messages of a JSON-lines file, or of all that lie in a folder.

    A line is `{"text", "lang", "intent", "also"?, "style"?}`; empty lines are skipped.

    Raises:
        BadLine: naming the file and the line's number.
    """
    known, found = set(intents), []
    for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
            if line.strip():
                found.append(_labelled(line, f"{file.name}, line {number}", known))
    return found


def _labelled(line: str, where: str, known: set[str]) -> Labelled:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise BadLine(f"{where}: not JSON ({error})") from None
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) and entry[key].strip() for key in ("text", "lang", "intent")):
        raise BadLine(f"{where}: needs text, lang and intent, each a text")
    also = entry.get("also") or []
    if not isinstance(also, list) or not all(isinstance(name, str) for name in also):
        raise BadLine(f"{where}: also must be a list of intents")
    unknown = {entry["intent"], *also} - known
    if unknown:
        raise BadLine(f"{where}: unknown intent {', '.join(sorted(unknown))}")
    return Labelled(entry["text"], entry["lang"], entry["intent"], tuple(also), str(entry.get("style") or "plain"))


def understand(messages: list[Labelled], model: Path) -> list[dict[str, Any]]:
    """What the model makes of each message: `intent`, `intent_ranking`, `language`, `danger`."""
    lines = "".join(json.dumps(message.text) + "\n" for message in messages)
    command = [str(ENGINE_PYTHON), "-m", "bot.engine", "parse", str(model)]
    done = subprocess.run(command, cwd=ROOT, env=engine_environment(), input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"intent"')]


def judge(message: Labelled, parsed: dict[str, Any], groups: dict[str, str]) -> dict[str, Any]:
    """One message with what was predicted, and what a person would have been told."""
    decided = parsed["intent"]["name"]
    ranking = [entry["name"] for entry in parsed["intent_ranking"]]
    doubted = parsed.get("danger") if decided == DOUBT else None
    first = doubted or (ranking[0] if decided == FALLBACK else decided)
    accepted = {message.intent, *message.also}
    return {
        "text": message.text, "lang": message.lang, "style": message.style, "intent": message.intent, "also": list(message.also),
        "predicted": first, "confidence": round(parsed["intent_ranking"][0]["confidence"], 4),
        "certain": decided not in (FALLBACK, DOUBT),
        "right": first in accepted,
        "topic": bool(accepted & {first, ranking[0] if decided == DOUBT else first}),
        "top3": bool(accepted & {first, *ranking[:3]}),
        "alarm": decided.startswith("risk_"),
        "asked": doubted is not None,
        "danger": doubted is not None or decided.startswith("risk_"),
        "answered": decided not in (FALLBACK, DOUBT) and decided != OUT_OF_SCOPE and groups.get(decided) not in TASKS_AND_TALK,
    }  # fmt: skip


def figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures of a set of judged messages; a share is None where there is nothing to share."""
    risky = [row for row in rows if row["intent"].startswith("risk_")]
    harmless = [row for row in rows if not any(name.startswith("risk_") for name in (row["intent"], *row["also"]))]
    strange = [row for row in rows if row["intent"] == OUT_OF_SCOPE]
    return {
        "n": len(rows),
        "accuracy": _share(rows, "right"),
        "topic": _share(rows, "topic"),
        "top3": _share(rows, "top3"),
        "macro_f1": _macro_f1(rows),
        "risk_recall": _share(risky, "danger"),
        "risk_at_once": _share(risky, "alarm"),
        "risk_false_alarm": _share(harmless, "alarm"),
        "harmless_asked": _share(harmless, "asked"),
        "oos_answered": _share(strange, "answered"),
        "fallback": round(1 - _share(rows, "certain"), 4) if rows else None,
    }


def report(messages: list[Labelled], parsed: list[dict[str, Any]], groups: dict[str, str]) -> dict[str, Any]:
    """Everything: figures over all, by language, by style, and each message."""
    rows = [judge(message, result, groups) for message, result in zip(messages, parsed, strict=True)]
    return {
        "all": figures(rows),
        "by_language": {lang: figures([r for r in rows if r["lang"] == lang]) for lang in sorted({r["lang"] for r in rows})},
        "by_style": {style: figures([r for r in rows if r["style"] == style]) for style in sorted({r["style"] for r in rows})},
        "messages": rows,
    }


def table(result: dict[str, Any]) -> str:
    """The figures as text, then the worst confusions."""
    columns = list(result["all"])
    lines = [" ".join(f"{name:>16}" for name in ("", *columns))]
    for name, row in [("all", result["all"]), *result["by_language"].items(), *result["by_style"].items()]:
        cells = ("-" if row[c] is None else f"{row[c]:.3f}" if c != "n" else str(row[c]) for c in columns)
        lines.append(" ".join(f"{cell:>16}" for cell in (name, *cells)))
    wrong = Counter((row["intent"], row["predicted"]) for row in result["messages"] if not row["right"])
    lines += ["", "worst confusions (meant -> understood, times)"]
    lines += [f"  {meant} -> {understood}  {times}" for (meant, understood), times in wrong.most_common(20)]
    return "\n".join(lines)


def _share(rows: list[dict[str, Any]], key: str) -> float | None:
    return round(sum(row[key] for row in rows) / len(rows), 4) if rows else None


def _macro_f1(rows: list[dict[str, Any]]) -> float | None:
    """Mean F1 over the intents that occur as labels; an accepted other intent counts as the label itself."""
    if not rows:
        return None
    pairs = [(row["intent"], row["intent"] if row["right"] else row["predicted"]) for row in rows]
    scores = []
    for intent in {meant for meant, _ in pairs}:
        hit = sum(meant == understood == intent for meant, understood in pairs)
        total = sum(meant == intent for meant, _ in pairs) + sum(understood == intent for _, understood in pairs)
        scores.append(2 * hit / total)
    return round(sum(scores) / len(scores), 4)
