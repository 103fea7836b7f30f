"""A wrong setting stops the start and names itself, never its value; secrets are made once and shown to nobody."""

import stat

import pytest
from cryptography.fernet import Fernet

from service.settings import SECRETS, SettingsError, read_settings


@pytest.fixture
def read(tmp_path):
    """A function: the settings of an environment."""
    return lambda **environment: read_settings({"VAR_DIR": str(tmp_path), **environment})


WRONG = [
    ("DESK_PORT", "eighty-eighty"),
    ("DESK_PORT", "99999"),
    ("ENGINE_PORT", "0"),
    ("ACTIONS_PORT", "-5055"),
    ("TELEGRAM_WEBHOOK_PORT", "8081x"),
    ("SHOW_DRAFTS", "perhaps"),
    ("SECURE_COOKIES", "sometimes"),
    ("TELEGRAM_BOT_TOKEN", "not-a-token-at-all"),
    ("TELEGRAM_BOT_TOKEN", "123456:short"),
    ("TELEGRAM_WEBHOOK_URL", "ftp://somewhere.example"),
    ("TELEGRAM_WEBHOOK_SECRET", "with spaces and so on"),
    ("DATABASE_URL", "mysql://someone:hunter2@host/db"),
    ("PUBLIC_URL", "return.example.org"),
    ("PUBLIC_URL", "https://somebody:hunter2@return.example.org"),
    ("ENGINE_SECRET", "tooshort1"),
    ("ENGINE_KEY", "tooshort2"),
    ("ENGINE_KEY", "this-is-long-enough-but-it-is-no-fernet-key-at-all"),
    ("ENGINE_DATABASE_URL", "mysql://someone:hunter2@host/db"),
    ("ACTIONS_SECRET", "tooshort3"),
    ("SESSION_SECRET", "tooshort4"),
    ("INDEX_SECRET", "tooshort5"),
    ("CASEWORK_KEYS", "tooshort6"),
    ("CASEWORK_KEYS", "k1:this-is-long-enough-but-it-is-no-fernet-key-at-all"),
    ("CASEWORK_KEYS", "no-colon-in-here-but-long-enough-to-be-taken-for-a-key"),
]


@pytest.mark.parametrize("name, value", WRONG)
def test_a_wrong_setting_is_named_and_its_value_is_not(read, name, value):
    with pytest.raises(SettingsError) as problem:
        read(**{name: value})
    told = str(problem.value)
    assert name in told and value not in told and "hunter2" not in told
    assert problem.value.__cause__ is None and problem.value.__suppress_context__


def test_every_wrong_setting_is_named_at_once(read):
    with pytest.raises(SettingsError) as problem:
        read(DESK_PORT="x", ENGINE_PORT="y")
    assert "DESK_PORT" in str(problem.value) and "ENGINE_PORT" in str(problem.value)


def test_without_any_setting_there_is_a_house(read, tmp_path):
    settings = read()
    assert settings.database_url == f"sqlite:///{tmp_path}/casework.sqlite"
    assert settings.engine_database_url == f"sqlite:///{tmp_path}/engine.sqlite"
    assert (settings.engine_url, settings.actions_url) == ("http://127.0.0.1:5005", "http://127.0.0.1:5055")
    assert settings.show_drafts and not settings.telegram_bot_token


def test_an_empty_setting_is_no_setting(read):
    assert read(DESK_PORT="", SHOW_DRAFTS="").desk_port == 8080


def test_only_the_environment_it_is_given_counts(read, monkeypatch):
    monkeypatch.setenv("DESK_PORT", "")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "nonsense")
    assert read().telegram_bot_token == ""


def test_the_environment_of_the_process_counts_by_itself(tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("DESK_PORT", "9090")
    assert read_settings().desk_port == 9090


def test_secrets_are_made_once_for_the_owner_only_and_kept(read, tmp_path):
    first = read()
    kept = tmp_path / "secrets.env"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    before = kept.read_text()
    assert all(f"{name}=" in before for name in SECRETS)
    assert read().model_dump() == first.model_dump()
    assert kept.read_text() == before
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.env"]


def test_a_new_folder_for_them_is_closed_to_others(tmp_path):
    read_settings({"VAR_DIR": str(tmp_path / "var")})
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_a_secret_that_is_missing_is_added_and_the_others_stay(read, tmp_path):
    first = read()
    kept = tmp_path / "secrets.env"
    kept.write_text("".join(line for line in kept.read_text().splitlines(True) if not line.startswith("SESSION_SECRET")))
    second = read()
    assert second.session_secret != first.session_secret
    assert second.casework_keys == first.casework_keys
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_secret_of_the_environment_wins(read):
    assert read(SESSION_SECRET="from the environment").session_secret == "from the environment"


def test_the_first_key_seals_and_all_of_them_open(read):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    before = read(CASEWORK_KEYS=f"k1:{old}").keyring()
    after = read(CASEWORK_KEYS=f"k2:{new}, k1:{old}").keyring()
    assert after.current == "k2"
    assert after.open(*before.seal({"text": "hello"})) == {"text": "hello"}


def test_no_secret_is_ever_printed(read, capsys):
    settings = read(
        TELEGRAM_BOT_TOKEN="123456:abcdefghijklmnop", DATABASE_URL="postgresql+psycopg://someone:hunter2@host/db", REDIS_URL="redis://:hunter2@host"
    )
    print(settings, repr(settings), f"{settings!s}")
    printed = capsys.readouterr()
    hidden = [getattr(settings, name.lower()) for name in SECRETS]
    hidden += ["hunter2", settings.telegram_bot_token, *(key.split(":")[-1] for key in settings.casework_keys.split(","))]
    assert not any(secret in printed.out + printed.err for secret in hidden)
