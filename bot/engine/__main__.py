"""Rasa's command line, quiet about itself: `python -m bot.engine train`, `run`, `data validate`, `parse`.

`parse` reads lines of JSON strings from standard input and writes what each was understood as, a JSON object a line.
"""

import asyncio
import gc
import json
import os
import sys
import warnings

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("LOG_LEVEL", "WARNING")
os.environ.setdefault("RASA_MAX_CACHE_SIZE", "0")  # whatever changes, all is learnt anew; the vectors have a cache of their own
os.environ.setdefault("LOG_LEVEL_LIBRARIES", "ERROR")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its second thread goes on spinning after each small product, on the core that the encoder needs
warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", category=FutureWarning)


def parse(model: str) -> None:
    """Understand each line of standard input with `model`, without a conversation."""
    from rasa.core.agent import load_agent

    agent = asyncio.run(load_agent(model_path=model))

    async def all_lines() -> None:
        for line in sys.stdin:
            parsed = await agent.parse_message(json.loads(line))
            sys.stdout.write(json.dumps({key: parsed.get(key) for key in ("intent", "intent_ranking", "language", "danger", "also")}) + "\n")
        sys.stdout.flush()

    asyncio.run(all_lines())


def main() -> None:
    """Hand over to Rasa, except for `parse`."""
    sys.path.insert(0, os.getcwd())
    if sys.argv[1:2] == ["parse"]:
        parse(sys.argv[2])
        return
    from rasa.__main__ import main as rasa_main

    if sys.argv[1:2] == ["train"]:
        gc.disable()  # looking through a million objects for cycles again and again takes longer than learning a language

    sys.argv[0] = "rasa"
    rasa_main()


if __name__ == "__main__":
    main()
