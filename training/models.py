"""Trained assistants: which one fits the content, which one is live and why."""

import hashlib
import json
import os
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.content.topics import read_topic
from service.parts import ENGINE_SEES
from service.settings import ROOT

MODELS = ROOT / "models"
LIVE = MODELS / "live.json"
ENGINE_PYTHON = ROOT / ".venv-engine" / "bin" / "python"


def engine_environment() -> dict[str, str]:
    """The environment of an engine that only trains or understands: no door, no conversation."""
    seen = {name: os.environ[name] for name in (*ENGINE_SEES, "EMBEDDING_CACHE") if name in os.environ}
    return seen | {"PYTHONWARNINGS": "ignore", "PYTHONPATH": str(ROOT)}


class TrainingFailed(RuntimeError):
    """`rasa train` did not end well; its output has been shown."""


def fingerprint(root: Path = ROOT) -> str:
    """What a model depends on: titles, questions, conversations, domain, config, the engine's code
    and the encoder's tuning; not the answers' words.

    Args:
        root: the folder of the whole assistant.
    """
    digest = hashlib.sha256()
    for path in sorted((root / "bot/data/knowledge").glob("*/*.md")):
        topic = read_topic(path)
        digest.update(json.dumps([topic.intent, topic.language, topic.title, topic.questions, bool(topic.answer)], ensure_ascii=False).encode())
    for path in [root / "config.yml", root / "domain.yml", root / "bot/data/topics.yml", *sorted((root / "bot/data/conversation").glob("*.yml"))]:
        digest.update(path.read_bytes())
    for path in [*sorted((root / "bot/engine").glob("*.py")), *(root / "models").glob("tuning.npz")]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def fitting_model() -> Path | None:
    """The model that was trained on this very content, if there is one."""
    path = MODELS / f"{fingerprint()}.tar.gz"
    return path if path.exists() else None


def live_model() -> Path | None:
    """The model that is live."""
    if not LIVE.exists():
        return None
    path = MODELS / json.loads(LIVE.read_text())["model"]
    return path if path.exists() else None


def train(why: str = "content changed") -> Path:
    """Train on the content as it is, and make that model live.

    Raises:
        TrainingFailed: `rasa train` failed.
    """
    name, began = fingerprint(), time.monotonic()
    print("training the assistant; the first time takes a few minutes", flush=True)
    # Rasa's validation reads everything twice more, and its cache would be asked for what is never kept in it.
    command = [ENGINE_PYTHON, "-m", "bot.engine", "train", "--force", "--skip-validation", "--fixed-model-name", name, "--out", str(MODELS)]
    if subprocess.run(command, cwd=ROOT, env=engine_environment(), check=False).returncode or not (MODELS / f"{name}.tar.gz").exists():
        raise TrainingFailed("the training failed; the lines above say why")
    make_live(MODELS / f"{name}.tar.gz", why)
    print(f"trained in {time.monotonic() - began:.0f} s", flush=True)
    return MODELS / f"{name}.tar.gz"


def make_live(model: Path, why: str) -> None:
    """Record which model is live, and why."""
    record = {"model": model.name, "why": why, "since": datetime.now(UTC).isoformat(timespec="seconds")}
    LIVE.write_text(json.dumps(record, indent=2) + "\n")


def ready_model() -> Path:
    """The model for this content, trained now if there is none."""
    fitting = fitting_model()
    if fitting is None:
        return train("no model fitted the content")
    if live_model() != fitting:
        make_live(fitting, "fits the content")
    return fitting

