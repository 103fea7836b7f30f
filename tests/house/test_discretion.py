"""No log line holds what anybody said, a name, a number, a secret. Runs last, when everything has been said."""

from dialogue import planted, talk


def test_no_log_holds_what_was_planted(on, log):
    talk(on, "en").says("do you keep this sentence in a log").says("I want to die")
    written = log.read_text(errors="replace")
    assert "house | " in written or "engine | " in written, "nothing was logged: this test would see nothing"
    assert len(planted) > 10
    told = sorted(text for text in planted if text in written)
    lines = {text: next(line for line in written.splitlines() if text in line) for text in told if "\n" not in text}
    assert not told, lines
