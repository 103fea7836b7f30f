"""`python -m training`: train, evaluate FILE, check, translated LANG INTENT."""

import argparse
import json
import sys
from pathlib import Path

import bot.content
from bot.content.topics import fingerprint
from training import evaluation, models


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Train, evaluate and look after the content.")
    parser.add_argument("--content", type=Path, metavar="FOLDER", help="another folder than bot/data, for check and translated")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train on the content as it is, and make the model live")
    train.add_argument("--if-needed", action="store_true", help="only when no model fits the content")
    evaluate = commands.add_parser("evaluate", help="measure the live model with a labelled file")
    evaluate.add_argument("file", type=Path, help="a .jsonl file, or a folder of them")
    evaluate.add_argument("--json", type=Path, metavar="OUT", help="write every figure and message there too")
    commands.add_parser("check", help="list translations whose English original has changed, and missing ones")
    translated = commands.add_parser("translated", help="a translation was brought up to date: stamp it")
    translated.add_argument("language")
    translated.add_argument("intent")
    chosen = parser.parse_args(arguments)
    return _COMMANDS[chosen.command](chosen)


def _train(chosen: argparse.Namespace) -> int:
    try:
        models.ready_model() if chosen.if_needed else models.train("asked for")
    except models.TrainingFailed as error:
        return _say(str(error))
    return 0


def _evaluate(chosen: argparse.Namespace) -> int:
    content, model = bot.content.load(), models.live_model()
    if model is None:
        return _say("there is no live model yet: run `make train` first")
    try:
        messages = evaluation.read_messages(chosen.file, content.catalogue)
    except FileNotFoundError:
        return _say(f"there is no file {chosen.file}")
    except (evaluation.BadLine, UnicodeDecodeError) as error:
        return _say(str(error))
    groups = {name: entry["group"] for name, entry in content.catalogue.items()}
    result = evaluation.report(messages, evaluation.understand(messages, model), groups)
    print(evaluation.table(result))
    if chosen.json:
        chosen.json.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _check(chosen: argparse.Namespace) -> int:
    content = bot.content.load(chosen.content)
    for intent in content.catalogue:
        english = content.topic(intent, "en")
        for language in content.languages:
            topic = content.topic(intent, language)
            if topic is None:
                print(f"missing: {intent} in {language}")
            elif english and language != "en" and english.answer and topic.translates != english.fingerprint:
                print(f"stale: {intent} in {language} was made from another English text")
    return 0


def _translated(chosen: argparse.Namespace) -> int:
    content = bot.content.load(chosen.content)
    english, path = content.topic(chosen.intent, "en"), content.root / "knowledge" / chosen.intent / f"{chosen.language}.md"
    if english is None or not path.exists():
        return _say(f"there is no {chosen.intent} in {chosen.language}")
    stamp = f'translates: "{fingerprint(english.answer)}"'
    front, mark, rest = path.read_text(encoding="utf-8").partition("\n---\n")
    lines = [line for line in front.split("\n") if not line.startswith("translates:")]
    path.write_text("\n".join([*lines, stamp]) + mark + rest, encoding="utf-8")
    return 0


def _say(problem: str) -> int:
    print(problem, file=sys.stderr)
    return 2


_COMMANDS = {"train": _train, "evaluate": _evaluate, "check": _check, "translated": _translated}

if __name__ == "__main__":
    sys.exit(main())
