"""All settings, read from the environment in this one place and checked at start.

A wrong setting stops the start at once, and names itself. docs/settings.md describes each; a test keeps it true.
"""

import base64
import dataclasses
import os
import re
import secrets
from pathlib import Path
from typing import Mapping

from cryptography.fernet import Fernet
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from casework.database import Database
from casework.retention import Periods
from casework.sealing import Keyring

ROOT = Path(__file__).resolve().parent.parent
# Secrets that are made on the first start when the environment does not bring them.
SECRETS = ("ENGINE_SECRET", "ENGINE_KEY", "ACTIONS_SECRET", "SESSION_SECRET", "INDEX_SECRET", "CASEWORK_KEYS", "TELEGRAM_WEBHOOK_SECRET")


class SettingsError(RuntimeError):
    """A setting is missing or wrong; the message names it."""


class Settings(BaseModel):
    """The settings of every part. Printed, they show no secret and no address with a password in it."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    var_dir: Path = ROOT / "var"
    database_url: str = Field("", repr=False)
    engine_database_url: str = Field("", repr=False)
    redis_url: str = Field("", repr=False)
    desk_host: str = "127.0.0.1"
    desk_port: int = Field(8080, ge=1, le=65535)
    public_url: str = ""
    engine_port: int = Field(5005, ge=1, le=65535)
    actions_port: int = Field(5055, ge=1, le=65535)
    telegram_bot_token: str = Field("", repr=False)
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook_url: str = ""
    telegram_webhook_port: int = Field(8081, ge=1, le=65535)
    show_drafts: bool = True
    secure_cookies: bool = False
    retention_messages_days: int = Field(30, ge=1, le=3650)
    retention_tickets_days: int = Field(180, ge=1, le=3650)
    retention_people_days: int = Field(180, ge=1, le=3650)
    retention_accesses_days: int = Field(730, ge=1, le=3650)
    retention_engine_days: int = Field(30, ge=1, le=3650)

    engine_secret: str = Field("", repr=False, min_length=16)
    engine_key: str = Field("", repr=False, min_length=32)
    actions_secret: str = Field("", repr=False, min_length=16)
    session_secret: str = Field("", repr=False, min_length=16)
    index_secret: str = Field("", repr=False, min_length=16)
    casework_keys: str = Field("", repr=False, min_length=32)
    telegram_webhook_secret: str = Field("", repr=False, pattern=r"^[A-Za-z0-9_-]{16,256}$")

    @field_validator("telegram_bot_token")
    @classmethod
    def _token_has_its_form(cls, token: str) -> str:
        number, _, rest = token.partition(":")
        if token and not (number.isdigit() and len(rest) >= 10):
            raise ValueError("is not a bot token (digits, a colon, letters)")
        return token

    @field_validator("engine_key")
    @classmethod
    def _key_has_its_form(cls, key: str) -> str:
        try:
            Fernet(key)
        except ValueError:
            raise ValueError("is not a key (32 bytes in URL-safe base64)") from None
        return key

    @field_validator("engine_database_url")
    @classmethod
    def _engine_database_is_known(cls, url: str) -> str:
        if url and not url.startswith(("sqlite:///", "postgresql")):
            raise ValueError("must begin with sqlite:/// or postgresql")
        return url

    @field_validator("public_url")
    @classmethod
    def _address_is_one(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", url):
            raise ValueError("must be an address that begins with https:// or http://, without a password, a query or a mark")
        return url.rstrip("/")

    @field_validator("telegram_webhook_url")
    @classmethod
    def _webhook_is_https(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("must begin with https://")
        return url

    @model_validator(mode="after")
    def _defaults_below_var(self) -> "Settings":
        self.database_url = self.database_url or f"sqlite:///{self.var_dir}/casework.sqlite"
        self.engine_database_url = self.engine_database_url or f"sqlite:///{self.var_dir}/engine.sqlite"
        if not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")
        self.keyring()
        return self

    @property
    def desk_url(self) -> str:
        """Where this machine reaches the desk."""
        host = "127.0.0.1" if self.desk_host in ("0.0.0.0", "::") else self.desk_host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.desk_port}"

    @property
    def chat_url(self) -> str:
        """Where people find the web chat."""
        return f"{self.public_url or self.desk_url}/chat"

    @property
    def engine_url(self) -> str:
        """Where the engine listens."""
        return f"http://127.0.0.1:{self.engine_port}"

    @property
    def actions_url(self) -> str:
        """Where the action server listens."""
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def retention(self) -> Periods:
        """How many days each kind of data is kept."""
        kinds = {kind.name: getattr(self, f"retention_{kind.name}_days") for kind in dataclasses.fields(Periods)}
        return Periods(**kinds)

    @property
    def keys_file(self) -> Path | None:
        """The file that the casework's keys are in; None if the environment brings them."""
        path = self.var_dir / "secrets.env"
        return path if path.exists() and f"CASEWORK_KEYS={self.casework_keys}" in path.read_text().splitlines() else None

    def keyring(self) -> Keyring:
        """The casework's keys: `id:key` pairs separated by commas, the current one first.

        Keys from `VAR_DIR/secrets.env` are read anew when that file changes.
        """
        try:
            file = self.keys_file
            return Keyring(read_keys(self.casework_keys), self.index_secret.encode(), KeyFile(file).changed if file else None)
        except ValueError as error:
            raise ValueError("CASEWORK_KEYS must be id:key pairs separated by commas") from error

    def database(self) -> Database:
        """The casework's database."""
        return Database(self.database_url, self.keyring())


def read_keys(written: str) -> dict[str, str]:
    """Key id -> key, from `id:key` pairs separated by commas. Raises ValueError."""
    return dict(pair.strip().split(":", 1) for pair in written.split(","))


class KeyFile:
    """The casework's keys where the house keeps its own secrets."""

    def __init__(self, path: Path) -> None:
        self.path, self._seen = path, path.stat().st_mtime_ns

    def changed(self) -> dict[str, str] | None:
        """The keys, if the file has changed since this was last asked; half-written or broken, it has not."""
        try:
            stamp = self.path.stat().st_mtime_ns
            if stamp == self._seen:
                return None
            keys = read_keys(_lines(self.path)["CASEWORK_KEYS"])
        except (OSError, KeyError, ValueError):
            return None
        self._seen = stamp
        return keys

    def write(self, keys: Mapping[str, str]) -> None:
        """Put these keys into the file, the current one first."""
        _write(self.path, _lines(self.path) | {"CASEWORK_KEYS": ",".join(f"{key_id}:{key}" for key_id, key in keys.items())})


def new_key() -> str:
    """A key that seals: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; secrets that are not set are made and kept in `VAR_DIR/secrets.env` (mode 600).

    Raises:
        SettingsError: naming each wrong setting, never its value.
    """
    given = dict(os.environ if environment is None else environment)
    var_dir = Path(given.get("VAR_DIR") or ROOT / "var")
    given = {**_kept_secrets(var_dir), **{name: value for name, value in given.items() if value != ""}}
    fields = {name: given[name.upper()] for name in Settings.model_fields if name.upper() in given}
    try:
        return Settings(**fields)
    except ValidationError as error:
        raise SettingsError("; ".join(_sentence(problem) for problem in error.errors(include_input=False))) from None


def _sentence(problem: Mapping) -> str:
    name = ".".join(str(part) for part in problem["loc"]).upper()
    return f"setting {name}: {problem['msg']}" if name else str(problem["msg"])


def _kept_secrets(var_dir: Path) -> dict[str, str]:
    path = var_dir / "secrets.env"
    kept = _lines(path) if path.exists() else {}
    missing = [name for name in SECRETS if not kept.get(name)]
    if missing:
        kept |= {name: _new_secret(name) for name in missing}
        var_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(path, kept)
    return kept


def _lines(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)


def _write(path: Path, kept: Mapping[str, str]) -> None:
    fresh = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in kept.items())
    os.replace(fresh, path)


def _new_secret(name: str) -> str:
    if name in ("CASEWORK_KEYS", "ENGINE_KEY"):
        return f"k1:{new_key()}" if name == "CASEWORK_KEYS" else new_key()
    return secrets.token_urlsafe(32)
