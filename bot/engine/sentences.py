"""The sentences of a message: danger is looked for in each, and two of them may ask two things."""

import re
from typing import List, Text

MOST = 12  # of one message
_END = re.compile(r"(?<=[.!?؟।\n])\s+|\n+")


def sentences(text: Text) -> List[Text]:
    """The sentences of a longer message, at most twelve; none of a single one."""
    parts = [part.strip() for part in _END.split(text) if len(part.strip()) > 3]
    return parts[:MOST] if len(parts) > 1 else []
