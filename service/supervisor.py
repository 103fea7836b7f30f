"""Starts every part and watches over them: a part that dies is started again, or the whole house goes down, and says why."""

import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable

from service.parts import Part
from service.settings import ROOT

RESTARTS = 5  # of one part within the window; then something is wrong that a restart does not mend
WINDOW = 120.0  # seconds
GRACE = 55.0  # seconds a part has to stop by itself


class HouseDown(RuntimeError):
    """A part could not be kept alive; the message names it."""


class Supervisor:
    """Runs parts until told to stop.

    Args:
        parts: in the order of their start.
        say: where progress goes, a line at a time.
        write: where the parts' own lines go, each with its line break.
    """

    def __init__(self, parts: list[Part], say: Callable[[str], None], write: Callable[[str], object] | None = None) -> None:
        self.parts, self._say, self._write = parts, say, write or _to_stdout
        self.running: dict[str, subprocess.Popen] = {}
        self._deaths: dict[str, deque[float]] = {part.name: deque(maxlen=RESTARTS) for part in parts}

    def start(self) -> None:
        """Start every part."""
        for part in self.parts:
            self._start(part)

    def watch(self, stop: threading.Event) -> None:
        """Keep the parts alive until `stop` is set.

        Raises:
            HouseDown: a part died again and again.
        """
        while not stop.wait(0.3):
            self.look_after()

    def look_after(self) -> None:
        """Start what has died again."""
        for part in self.parts:
            code = self.running[part.name].poll()
            if code is None:
                continue
            deaths = self._deaths[part.name]
            deaths.append(time.monotonic())
            if len(deaths) == RESTARTS and deaths[-1] - deaths[0] < WINDOW:
                raise HouseDown(f"{part.name} stopped {RESTARTS} times (last with code {code}); its lines above say why")
            self._say(f"{part.name} stopped with code {code}; starting it again")
            self._start(part)

    def stop(self) -> None:
        """Stop every part, the last one first; whoever does not listen is killed."""
        for part in reversed(self.parts):
            process = self.running.get(part.name)
            if process and process.poll() is None:
                process.terminate()
        until = time.monotonic() + GRACE
        for process in self.running.values():
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, part: Part) -> None:
        process = subprocess.Popen(
            part.command, cwd=ROOT, env=part.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
        self.running[part.name] = process
        threading.Thread(target=self._pass_on, args=(part.name, process), daemon=True).start()

    def _pass_on(self, name: str, process: subprocess.Popen) -> None:
        for line in process.stdout:
            self._write(f"{name:>8} | {line}")


def _to_stdout(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()
