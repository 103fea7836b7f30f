"""Danger in a message: looked for in the whole and in every sentence, whatever else the message is about.

Sure danger is answered and alerted at once. Doubtful danger is asked about first (intent `nlu_danger_doubt`).
"""

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Sequence, Text

import numpy as np

DOUBT = "nlu_danger_doubt"


@dataclass(frozen=True)
class Signal:
    """A danger that was found."""

    name: Text  # the risk_* topic
    chance: float  # of any danger, 0 to 1
    sure: bool

    @property
    def intent(self) -> Dict[Text, Any]:
        """The intent of the message."""
        return {"name": self.name if self.sure else DOUBT, "confidence": self.chance}


class Danger:
    """Looks for danger in chances of intents.

    Args:
        intents: the intents, in the order of the chances.
        limits: see DEFAULTS.
    """

    # How likely all dangers together must be (0 to 1), in the whole message and in one sentence of it. A sentence alone
    # has less to go by: it must be surer, or every long story would be an alarm. docs/understanding.md has the trade-off.
    DEFAULTS = {"sure": 0.55, "doubt": 0.13, "sure_in_sentence": 0.7, "doubt_in_sentence": 0.4}

    def __init__(self, intents: Sequence[Text], limits: Mapping[Text, float]) -> None:
        self._intents, self._limits = np.asarray(intents), limits
        self._risky = np.array([name.startswith("risk_") for name in intents])

    def look(self, whole: np.ndarray, sentences: np.ndarray) -> Optional[Signal]:
        """The danger of a message, if there is any.

        Args:
            whole: chances of the whole message, shape (intents,).
            sentences: chances of each sentence, shape (sentences, intents).
        """
        rows = [(whole, "")] + [(row, "_in_sentence") for row in sentences]
        found = [self._signal(row, where) for row, where in rows]
        return max((signal for signal in found if signal), key=lambda signal: (signal.sure, signal.chance), default=None)

    def _signal(self, row: np.ndarray, where: Text) -> Optional[Signal]:
        chance = float(row[self._risky].sum())
        if chance < self._limits[f"doubt{where}"]:
            return None
        name = str(self._intents[np.where(self._risky, row, 0).argmax()])
        return Signal(name, chance, chance >= self._limits[f"sure{where}"])
