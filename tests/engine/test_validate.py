"""`rasa data validate` has nothing to complain about."""

import subprocess
import sys


def test_the_data_is_clean():
    command = [sys.executable, "-m", "bot.engine", "data", "validate", "--fail-on-warnings"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    complaints = [line for line in (done.stdout + done.stderr).splitlines() if "UserWarning" in line or "not used" in line]
    assert done.returncode == 0 and not complaints, complaints
