"""How well and how fast pipelines understand: ours, Rasa's own, and ours with one part exchanged, in one run.

`make benchmark` trains each pipeline on the same questions, asks each the same messages written apart, and prints
tables: figures over all and by language; training time, start-up, parse time, resident memory. Rasa's own classifier
takes hours for all questions, so a share of them may be taken, the same for every pipeline.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

import bot.content
from bot.content.topics import Topic
from service.settings import ROOT
from training.evaluation import Labelled, figures, judge, read_messages
from training.models import ENGINE_PYTHON, engine_environment

HERE = Path(__file__).parent
PIPELINES = {"ours": ROOT / "config.yml", "stock Rasa": HERE / "stock.yml", "DIET on our embeddings": HERE / "diet_on_embeddings.yml"}
SHOWN = ("n", "accuracy", "topic", "top3", "risk_recall", "risk_at_once", "risk_false_alarm", "harmless_asked", "oos_answered")


def main(arguments: list[str] | None = None) -> None:
    """Train, ask, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.understanding", description=__doc__.split("\n")[0])
    parser.add_argument("--every", type=int, default=8, metavar="N", help="take each Nth question of a topic and language (1: all)")
    parser.add_argument("--epochs", type=int, default=100, help="epochs of Rasa's own classifier (100 is its default)")
    parser.add_argument("--only", nargs="*", choices=PIPELINES, default=list(PIPELINES), help="which pipelines")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures there too")
    chosen = parser.parse_args(arguments)
    content = bot.content.load()
    messages = read_messages(ROOT / "tests/understanding", content.catalogue)
    groups = {name: entry["group"] for name, entry in content.catalogue.items()}
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        questions = written(list(content.topics()), chosen.every, Path(folder))
        for name in chosen.only:
            try:
                results[name] = measured(name, questions, messages, groups, chosen.epochs, Path(folder))
            except subprocess.CalledProcessError as error:  # an hour's figures of the others are not thrown away for it
                print(f"\n{name}: failed with code {error.returncode}", flush=True)
                continue
            print(f"\n{name}: {results[name]['cost']}", flush=True)
            if chosen.json:
                chosen.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(tables(results, len(messages)))


def written(topics: list[Topic], every: int, folder: Path) -> Path:
    """Each Nth question of every topic in every language, as a file of Rasa's own format; returns its path."""
    intents: dict[str, list] = {}
    for topic in topics:
        examples = [{"text": text, "metadata": {"language": topic.language}} for text in topic.questions[::every]]
        intents.setdefault(topic.intent, []).extend(examples)
    print(f"{sum(map(len, intents.values()))} questions, {len(intents)} intents", flush=True)
    path = folder / "nlu.yml"
    path.write_text(yaml.safe_dump({"version": "3.1", "nlu": [{"intent": i, "examples": e} for i, e in intents.items()]}, allow_unicode=True))
    return path


def measured(name: str, questions: Path, messages: list[Labelled], groups: dict[str, str], epochs: int, folder: Path) -> dict:
    """Train one pipeline from nothing in a process of its own, ask it in another; returns its figures and its cost."""
    work = folder / name.replace(" ", "_")
    work.mkdir()
    environment = engine_environment() | {"EMBEDDING_CACHE": str(work / "embeddings.sqlite")}
    config = yaml.safe_load(PIPELINES[name].read_text(encoding="utf-8"))
    config.pop("importers", None)
    config["pipeline"] = [part | {"epochs": epochs} if part["name"] == "DIETClassifier" else part for part in config["pipeline"]]
    (work / "config.yml").write_text(yaml.safe_dump(config))
    began = time.monotonic()
    train = ["train", "nlu", "--nlu", str(questions), "--config", str(work / "config.yml"), "--out", str(work), "--fixed-model-name", "model"]
    subprocess.run([ENGINE_PYTHON, "-m", "bot.engine", *train], cwd=ROOT, env=environment, check=True, stdout=sys.stderr)
    trained = time.monotonic() - began
    asked = "".join(json.dumps(message.text) + "\n" for message in messages)
    command = [ENGINE_PYTHON, HERE / "ask.py", work / "model.tar.gz"]
    done = subprocess.run(command, cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, input=asked, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    rows = [judge(message, parsed, groups) for message, parsed in zip(messages, lines[:-1], strict=True)]
    languages = sorted({message.lang for message in messages})
    by_language = {language: figures([row for row in rows if row["lang"] == language]) for language in languages}
    return {"all": figures(rows), "by_language": by_language, "cost": {"training_s": round(trained), **lines[-1]["cost"]}}


def tables(results: dict[str, dict], count: int) -> str:
    """The figures of all pipelines side by side, as Markdown."""
    costs = list(next(iter(results.values()))["cost"])
    lines = ["", f"| {count} messages | " + " | ".join(SHOWN[1:] + tuple(costs)) + " |", "|---" * (len(SHOWN) + len(costs)) + "|"]
    for name, result in results.items():
        shares = [f"{result['all'][key]:.1%}" for key in SHOWN[1:]]
        lines.append(f"| {name} | " + " | ".join(shares + [str(result["cost"][key]) for key in costs]) + " |")
    languages = list(next(iter(results.values()))["by_language"])
    lines += ["", "| by language | | " + " | ".join(languages) + " |", "|---" * (len(languages) + 2) + "|"]
    for key in SHOWN[1:]:
        for name, result in results.items():
            lines.append(f"| {key} | {name} | " + " | ".join(f"{result['by_language'][language][key]:.1%}" for language in languages) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
