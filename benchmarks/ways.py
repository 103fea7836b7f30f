"""Runs in the engine's Python: `python -m benchmarks.ways`. Ways to tell the topic, each alone and together.

Learns from all questions, asks the development messages (tests/understanding/development), and prints which share each
way gets right: at the first place, and among three. Every choice in bot/engine/classifier.py was made on this table.
"""

import json
import sys
import time
from pathlib import Path
from typing import Dict, List

import numpy as np
from sklearn.linear_model import LogisticRegression

import bot.content
from bot.engine.classifier import EMBEDDING_SCALE, TopicClassifier, Views, learn
from bot.engine.embeddings import VectorCache
from bot.engine.encoder import Encoder
from bot.engine.letters import BONES, SPELT
from bot.engine.pieces import Row, scores

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Print the table."""
    asked = [(text, topic.intent) for topic in bot.content.load().topics() for text in topic.questions]
    texts, intents = [text for text, _ in asked], [intent for _, intent in asked]
    files = sorted((ROOT / "tests/understanding/development").glob("*.jsonl"))
    messages = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    defaults = TopicClassifier.get_default_config()
    print(f"{len(texts)} questions, {len(messages)} development messages; right / among three, in percent", flush=True)
    for name, encoder in {"as published": Encoder(None), "tuned on our questions": Encoder()}.items():
        cache = VectorCache()
        taught, said = cache.vectors(texts, encoder), encoder([message["text"] for message in messages])
        began = time.monotonic()
        views = learn(texts, intents, taught, defaults["meaning_weight"], defaults["sharpness"])
        print(f"\nembeddings {name} (both views learnt in {time.monotonic() - began:.0f} s)")
        for way, scores in ways(views, taught, np.array(intents), said, [message["text"] for message in messages]).items():
            show(way, scores, views.intents, messages)
        sys.stdout.flush()


def ways(views: Views, taught: np.ndarray, intents: np.ndarray, said: np.ndarray, texts: List[str]) -> Dict[str, np.ndarray]:
    """The scores of each way, each of shape (messages, intents)."""
    rows, edges = views.letters.rows(texts), views.letters.edges
    letters, bones = (by_letters(views, rows, edges[part.start], edges[part.stop]) for part in (SPELT, BONES))
    exact = LogisticRegression(C=0.3, max_iter=60).fit(taught * EMBEDDING_SCALE, intents)
    return {
        "letters and words as spelt": letters,
        "consonants alone, any script": bones,
        "both of these": letters + bones,
        "meaning: nearest thirty questions": nearest(taught, intents, said, views.intents),
        "meaning: logistic regression, solved exactly (C = 0.3)": exact.predict_proba(said * EMBEDDING_SCALE),
        "meaning: softmax regression in small steps": views.by_meaning.log_chances(said * EMBEDDING_SCALE),
        "all together (this is what runs)": views.chances(texts, said),
    }


def by_letters(views: Views, rows: List[Row], begin: int, end: int) -> np.ndarray:
    """The scores that the features from `begin` to `end` give, shape (messages, intents)."""
    kept = [((begin <= places) & (places < end), places, values) for places, values in rows]
    return np.stack([scores((places[these], values[these]), views.by_letters) for these, places, values in kept])


def nearest(taught: np.ndarray, intents: np.ndarray, said: np.ndarray, names: np.ndarray, count: int = 30) -> np.ndarray:
    """Votes of the nearest questions, weighed by how near they are."""
    place = np.searchsorted(names, intents)
    found = np.zeros((len(said), len(names)))
    for row, vector in enumerate(said):
        likeness = taught @ vector
        best = np.argpartition(-likeness, count)[:count]
        np.add.at(found[row], place[best], np.exp(20 * (likeness[best] - likeness.max())))
    return found


def show(way: str, scores: np.ndarray, names: np.ndarray, messages: List[dict]) -> None:
    """One line of the table: all, then by language."""
    order = names[scores.argsort(1)[:, ::-1][:, :3]]
    accepted = [{message["intent"], *message.get("also", [])} for message in messages]
    first = np.array([row[0] in good for row, good in zip(order, accepted)])
    three = np.array([bool(good & set(row)) for row, good in zip(order, accepted)])
    languages = np.array([message["lang"] for message in messages])
    each = "  ".join(f"{name} {100 * first[languages == name].mean():.1f}" for name in sorted(set(languages)))
    print(f"  {way:46} {100 * first.mean():5.1f} / {100 * three.mean():.1f}   {each}")


if __name__ == "__main__":
    main()
