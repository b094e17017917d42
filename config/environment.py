"""Every variable the house reads from its environment, with help and default.

``manage.py env_help`` and docs/settings.md are made from this class; nothing else
reads ``os.environ`` for a setting. Keys made by the runner lie in var/keys.env.
"""

import os
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

BASE_DIR: Final = Path(__file__).resolve().parent.parent

SECRET_LENGTH: Final = 50
DEVELOPMENT_SECRET: Final = "development-only-" + "0123456789abcdef" * 3
DEVELOPMENT_MASTER: Final = "development:000102030405060708090a0b0c0d0e0f"
DEVELOPMENT_INDEX_KEY: Final = "11" * 32
DEVELOPMENT_CHAIN_KEY: Final = "22" * 32


class RefusedToStart(ImproperlyConfigured):
    """The environment can't be used; the message is one line for the operator."""


class Environment(BaseSettings):
    """The variables, typed. Names are those of the environment, in capitals."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    production: bool = Field(
        default=False,
        description="1: real service. Refuses default secrets, default keys and DEBUG; "
        "https only; never loads the sample.",
    )
    debug: bool = Field(
        default=False,
        description="1: Django's error pages with traces, for developers on their own machine.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(DEVELOPMENT_SECRET),
        description="Signs sessions and forms; at least 50 characters.",
    )
    field_master_keys: SecretStr = Field(
        default=SecretStr(DEVELOPMENT_MASTER),
        description="Master keys that wrap the data keys of persons: `id:32 hex digits`, "
        "several separated by commas, the current one first.",
    )
    index_key: SecretStr = Field(
        default=SecretStr(DEVELOPMENT_INDEX_KEY),
        description="Key of the blind indexes over personal data, 64 hex digits. "
        "Never changed once data exist.",
    )
    chain_key: SecretStr = Field(
        default=SecretStr(DEVELOPMENT_CHAIN_KEY),
        description="Key of the event chains, 64 hex digits. Never changed once data exist.",
    )
    var_dir: Path = Field(
        default=BASE_DIR / "var",
        description="Folder of everything the running house writes: keys, SQLite, uploads, logs.",
    )
    anchor_dir: Path | None = Field(
        default=None,
        description="Folder of the daily anchors of the event chains; best on another machine. "
        "Default: anchors/ in VAR_DIR.",
    )
    font_dir: Path | None = Field(
        default=None,
        description="Folder with further fonts for official papers, searched before the built-in ones.",
    )
    database_url: SecretStr = Field(
        default=SecretStr(""),
        description="postgres://user:password@host:port/name or sqlite:///path. "
        "Default: SQLite in VAR_DIR.",
    )
    redis_url: SecretStr = Field(
        default=SecretStr(""),
        description="redis://host:port/0 for Celery and cache. Default: files in VAR_DIR.",
    )
    bind: str = Field(
        default="127.0.0.1",
        description="Address the web server listens on.",
    )
    port: int = Field(default=8000, ge=1, le=65535, description="Port the web server listens on.")
    web_workers: int = Field(default=2, ge=1, le=64, description="Web processes of the runner.")
    worker_threads: int = Field(
        default=2, ge=1, le=64, description="Threads of the runner's Celery worker."
    )
    public_url: str = Field(
        default="",
        description="Address printed on papers and in their QR codes, as a citizen reaches it. "
        "Default: https and the first of ALLOWED_HOSTS in production, else http://BIND:PORT.",
    )
    allowed_hosts: str = Field(
        default="",
        description="Host names served, separated by commas; needed in production. "
        "Otherwise default: this machine and BIND.",
    )
    csrf_trusted_origins: str = Field(
        default="",
        description="Origins whose forms are accepted, separated by commas, "
        "such as https://yichuang.example.gov.cn.",
    )
    tls: bool = Field(
        default=True,
        description="0: production without https (closed network only): "
        "cookies and redirects then don't demand it.",
    )
    trusted_proxy: bool = Field(
        default=False,
        description="1: a reverse proxy of ours sets X-Forwarded-Proto and X-Forwarded-For.",
    )
    upload_limit_mb: int = Field(
        default=20, ge=1, le=500, description="Largest file that may be handed in, in megabytes."
    )
    session_minutes: int = Field(
        default=30, ge=1, le=600, description="Minutes without a click until one must log in again."
    )
    notify_mail: SecretStr = Field(
        default=SecretStr(""),
        description="Mail server for messages to staff, {address} in the place of the mailbox: "
        "`mailtos://user:password@smtp.example.gov.cn?from=yichuang@example.gov.cn&to={address}`. "
        "This one and the five after it: addresses as the library apprise writes them; "
        "empty: the district has no such channel.",
    )
    notify_dingtalk: SecretStr = Field(
        default=SecretStr(""),
        description="DingTalk robot; {address} is the robot's token or the telephone to mention: "
        "`dingtalk://secret@token/{address}`. A robot that drops a message, for want of its keyword "
        "or over its rate, says so, and the message is tried again; the same goes for WeCom.",
    )
    notify_wecom: SecretStr = Field(
        default=SecretStr(""),
        description="WeCom group robot; {address} is the robot's key: `wecombot://{address}/`.",
    )
    notify_feishu: SecretStr = Field(
        default=SecretStr(""),
        description="Feishu group robot; {address} is the robot's token: `feishu://{address}/`.",
    )
    notify_webhook: SecretStr = Field(
        default=SecretStr(""),
        description="Another system that takes messages to staff as JSON: "
        "`jsons://user:password@host/path?:recipient={address}`.",
    )
    notify_sms: SecretStr = Field(
        default=SecretStr(""),
        description="Gateway for text messages, also to applicants who asked for them: "
        "`jsons://user:password@host/path?:mobile={address}`.",
    )
    metrics: bool = Field(default=False, description="1: Prometheus figures at /metrics.")
    log_level: str = Field(
        default="INFO",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="Least severity that is logged: DEBUG, INFO, WARNING or ERROR.",
    )

    def production_faults(self) -> list[str]:
        """Variables that forbid production, each with what is wrong."""
        defaults = type(self).model_fields
        secrets = ("secret_key", "field_master_keys", "index_key", "chain_key")
        faults = [
            f"{name.upper()} is the default"
            for name in secrets
            if getattr(self, name) == defaults[name].default
        ]
        faults += self._weak_keys()
        if self.debug:
            faults.append("DEBUG is on")
        if not self.hosts():
            faults.append("ALLOWED_HOSTS is empty")
        if "*" in self.hosts():
            faults.append("ALLOWED_HOSTS names every host")
        return faults

    def _weak_keys(self) -> list[str]:
        known = DEVELOPMENT_MASTER.partition(":")[2]
        given = self.field_master_keys.get_secret_value()
        faults = []
        if given != DEVELOPMENT_MASTER and known in given.lower():
            faults.append("FIELD_MASTER_KEYS holds the default key")
        if len(self.secret_key.get_secret_value()) < SECRET_LENGTH:
            faults.append(f"SECRET_KEY is shorter than {SECRET_LENGTH} characters")
        return faults

    def master_keys(self) -> dict[str, str]:
        """Key id to 32 hex digits, the current key first.

        Raises:
            RefusedToStart: an entry isn't ``id:32 hex digits``.
        """
        entries = names(self.field_master_keys.get_secret_value())
        keys = dict(entry.split(":", 1) for entry in entries if ":" in entry)
        if len(keys) != len(entries) or not keys or any(_bad_hex(key, 16) for key in keys.values()):
            raise RefusedToStart("FIELD_MASTER_KEYS: expected id:32 hex digits, comma-separated")
        return keys

    def key_bytes(self, name: str) -> bytes:
        """The 32 bytes of INDEX_KEY or CHAIN_KEY.

        Raises:
            RefusedToStart: it isn't 64 hex digits.
        """
        text: str = getattr(self, name).get_secret_value()
        if _bad_hex(text, 32):
            raise RefusedToStart(f"{name.upper()}: expected 64 hex digits")
        return bytes.fromhex(text)

    def hosts(self) -> list[str]:
        """Host names served."""
        return names(self.allowed_hosts)

    def address(self) -> str:
        """Where a citizen reaches the house, without a slash at the end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        if self.production and self.hosts():
            return f"{'https' if self.tls else 'http'}://{self.hosts()[0]}"
        return f"http://{self.bind}:{self.port}"

    def channels(self) -> dict[str, str]:
        """Ways out of the house by name; empty where the district has none."""
        prefix = "notify_"
        given = (name for name in type(self).model_fields if name.startswith(prefix))
        return {name.removeprefix(prefix): getattr(self, name).get_secret_value() for name in given}

    def database(self) -> dict[str, Any]:
        """Django's description of the database."""
        url = self.database_url.get_secret_value()
        return database_from_url(url or f"sqlite:///{self.var_dir / 'yichuang.sqlite3'}")


def names(text: str) -> list[str]:
    """The parts of a comma-separated list, without blanks."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _bad_hex(text: str, size: int) -> bool:
    try:
        return len(bytes.fromhex(text)) != size
    except ValueError:
        return True


def database_from_url(url: str) -> dict[str, Any]:
    """Django's description of the database behind ``url``.

    Raises:
        RefusedToStart: it is neither SQLite nor PostgreSQL.
    """
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        return _sqlite(url)
    if scheme in {"postgres", "postgresql"}:
        return _postgres(url)
    raise RefusedToStart(
        "DATABASE_URL: expected postgres://user:password@host:port/name or sqlite:///path"
    )


def _sqlite(url: str) -> dict[str, Any]:
    # Immediate transactions wait for the writer before them instead of failing half way;
    # recursive triggers make REPLACE fire the triggers that refuse deletion of evidence.
    return {
        "ENGINE": "common.queued_sqlite3",
        "NAME": unquote(url.removeprefix("sqlite://").removeprefix("/")) or ":memory:",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA recursive_triggers=ON",
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Our joins follow foreign keys from one row, as written; weighing every other order of
        # the two dozen joins of a case page cost more than the page itself (25 ms against 5).
        "OPTIONS": {
            "connect_timeout": 5,
            "options": "-c join_collapse_limit=4",
            **dict(parse_qsl(parts.query)),
        },
    }


def keys_file(var_dir: Path) -> Path:
    """Where the runner keeps the keys it made."""
    return var_dir / "keys.env"


def load() -> Environment:
    """The environment of this process; the runner's key file fills what is not set.

    Raises:
        RefusedToStart: a variable can't be read, or production lacks a secret.
    """
    var_dir = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")
    try:
        env = Environment(_env_file=keys_file(var_dir))
    except ValidationError as error:
        faults = (f"{str(f['loc'][0]).upper()}: {f['msg']}" for f in error.errors())
        raise RefusedToStart("; ".join(faults)) from None
    faults_in_production = env.production_faults() if env.production else []
    if faults_in_production:
        raise RefusedToStart(f"production refuses to start: {'; '.join(faults_in_production)}")
    return env
