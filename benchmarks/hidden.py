"""How well danger is noticed that is said beside something else: "how many bags may I take? and he beats me".

`make hidden` puts each dangerous message of a labelled folder between harmless questions of its language, asks the live
model, and prints what it makes of these and of harmless questions alone. The test messages themselves say one thing each
as a rule; people do not.
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import bot.content
from service.settings import ROOT
from training.evaluation import Labelled, figures, judge, read_messages, understand
from training.models import ready_model

BESIDE = (1, 2, 4)  # harmless questions


def main(arguments: list[str] | None = None) -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hidden", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "tests/understanding/development", help="labelled messages")
    content = bot.content.load()
    messages = read_messages(parser.parse_args(arguments).folder, content.catalogue)
    groups = {name: entry["group"] for name, entry in content.catalogue.items()}
    model = ready_model()
    print("| harmless questions | with danger: noticed | at once | n | without: asked | alarmed | n |\n|---|---|---|---|---|---|---|")
    for count in BESIDE:
        made = list(mixed(messages, count, random.Random(count)))
        rows = [judge(message, parsed, groups) for message, parsed in zip(made, understand(made, model), strict=True)]
        found = figures(rows)
        danger = sum(row["intent"].startswith("risk_") for row in rows)
        shares = (found["risk_recall"], found["risk_at_once"], found["harmless_asked"], found["risk_false_alarm"])
        noticed, once, asked, alarmed = (f"{share:.1%}" for share in shares)
        print(f"| {count} | {noticed} | {once} | {danger} | {asked} | {alarmed} | {len(rows) - danger} |", flush=True)


def mixed(messages: list[Labelled], count: int, chance: random.Random) -> Iterator[Labelled]:
    """Each dangerous message among `count` harmless questions, and as often `count + 1` harmless ones together."""
    for message in messages:
        if not message.intent.startswith("risk_"):
            continue
        harmless = [other.text for other in messages if other.lang == message.lang and is_harmless(other)]
        beside = chance.sample(harmless, count)
        place = chance.randrange(count + 1)
        yield Labelled(together([*beside[:place], message.text, *beside[place:]]), message.lang, message.intent, message.also)
        yield Labelled(together(chance.sample(harmless, count + 1)), message.lang, "ask_is_it_free")  # whatever is asked


def is_harmless(message: Labelled) -> bool:
    """Whether a message asks something and nothing in it alarms."""
    return message.intent.startswith("ask_") and message.style != "alarming" and not any(name.startswith("risk_") for name in message.also)


def together(texts: list[str]) -> str:
    """Several messages as sentences of one."""
    return " ".join(text.rstrip(" .!?؟।") + "." for text in texts)


if __name__ == "__main__":
    main()
