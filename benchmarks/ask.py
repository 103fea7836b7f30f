"""Runs in the engine's Python: `ask.py MODEL`, one JSON string a line in, what it was understood as out, the cost last."""

import asyncio
import json
import os
import statistics
import sys
import time
from pathlib import Path

BEGAN = time.monotonic()
KEYS = ("intent", "intent_ranking", "language", "danger", "also")


def resident_megabytes() -> int:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


async def ask_all(agent) -> None:
    """Understand every line of standard input, one after the other as in a chat."""
    times = []
    for line in sys.stdin:
        start = time.perf_counter()
        parsed = await agent.parse_message(json.loads(line))
        times.append(1000 * (time.perf_counter() - start))
        # What Rasa's own fallback puts first is no topic.
        parsed["intent_ranking"] = [entry for entry in parsed["intent_ranking"] if entry["name"] != "nlu_fallback"]
        print(json.dumps({key: parsed.get(key) for key in KEYS}))
    cost = {"start_s": round(STARTED, 1), "parse_p50_ms": round(statistics.median(times), 1)}
    cost |= {"parse_p95_ms": round(statistics.quantiles(times, n=20)[-1], 1), "resident_mb": resident_megabytes()}
    print(json.dumps({"cost": cost}))


if __name__ == "__main__":
    import bot.engine.__main__  # noqa: F401 - keeps Rasa quiet
    from rasa.core.agent import load_agent

    ready = asyncio.run(load_agent(model_path=sys.argv[1]))
    STARTED = time.monotonic() - BEGAN
    asyncio.run(ask_all(ready))
