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

    # How likely all dangers together must be (0 to 1), in the whole message and in one sentence of it. A sentence alone has
    # less to go by: it must be surer, and something of it must be felt in the whole (`..._beside`), or every long story
    # would be an alarm. One as sure as `alone` is asked about in any case. docs/understanding.md has the trade-off.
    DEFAULTS = {
        "sure": 0.6, "sure_in_sentence": 0.8, "sure_beside": 0.015,
        "doubt": 0.18, "doubt_in_sentence": 0.6, "doubt_beside": 0.02, "alone": 0.8,
    }  # fmt: skip

    def __init__(self, intents: Sequence[Text], limits: Mapping[Text, float]) -> None:
        self._intents, self._limits = np.asarray(intents), limits
        self._risky = np.array([name.startswith("risk_") for name in intents])

    def look(self, whole: np.ndarray, sentences: Sequence[np.ndarray]) -> Optional[Signal]:
        """The danger of a message, if there is any.

        Args:
            whole: chances of the whole message, shape (intents,).
            sentences: chances of each sentence, each of shape (intents,).
        """
        felt = float(whole[self._risky].sum())
        found = [self._signal(whole, self._is("sure", felt), self._is("doubt", felt))]
        for row in sentences:
            chance = float(row[self._risky].sum())
            sure, doubt = (self._is(f"{level}_in_sentence", chance) and self._is(f"{level}_beside", felt) for level in ("sure", "doubt"))
            found.append(self._signal(row, sure, doubt or self._is("alone", chance)))
        return max((signal for signal in found if signal), key=lambda signal: (signal.sure, signal.chance), default=None)

    def _is(self, limit: Text, chance: float) -> bool:
        return chance >= self._limits[limit]

    def _signal(self, row: np.ndarray, sure: bool, doubt: bool) -> Optional[Signal]:
        if not (sure or doubt):
            return None
        name = str(self._intents[np.where(self._risky, row, 0).argmax()])
        return Signal(name, float(row[self._risky].sum()), sure)
