"""The blocks of config.yaml, each a frozen value with its defaults.

About messages to the outside everything is off or masked unless a site says otherwise: no mail
leaves, nothing is posted, nobody beyond an office is told, and a text for a network of many
readers names nobody. Passwords and secrets stand in the environment, never here.
"""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from exchange.web_address import is_allowed

_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)*")
_HOST = re.compile(r"[A-Za-z0-9.:\-]+")


def web_address(text: str) -> str:
    """Check a web address and leave off its last slash. Raises ValueError."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ValueError(text)
    return text.rstrip("/")


class Part(BaseModel):
    """One block of settings; each field's description completes 「…は＿＿で書いてください」."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class DatabaseSettings(Part):
    """Which database keeps the record, as config.yaml says it."""

    url: str = Field(
        default="sqlite", description="sqlite か postgresql+psycopg://利用者@ホスト/名前"
    )


class SessionSettings(Part):
    """How long somebody stays signed in."""

    idle_minutes: int = Field(default=15, ge=1, le=240, description="1 から 240 の整数")
    absolute_hours: int = Field(default=12, ge=1, le=24, description="1 から 24 の整数")


class SchedulerSettings(Part):
    """How often the clock looks, and when its silence is told."""

    tick_seconds: int = Field(default=60, ge=5, le=600, description="5 から 600 の整数")
    heartbeat_max_age_seconds: int = Field(
        default=180, ge=30, le=3600, description="30 から 3600 の整数"
    )


class RatesSettings(Part):
    """What the region's council decided about the month's figures."""

    hospital_names: Literal["shown", "hidden"] = Field(
        default="hidden", description="shown か hidden"
    )
    month_closes: Literal["last_open_day"] | Annotated[int, Field(ge=1, le=28)] = Field(
        default="last_open_day", description="last_open_day か 1 から 28 の整数"
    )


def _mail_address(text: str) -> str:
    if text and not _MAIL_ADDRESS.fullmatch(text):
        raise ValueError(text)
    return text


def _host(text: str) -> str:
    if text and not _HOST.fullmatch(text):
        raise ValueError(text)
    return text


def _addresses(given: dict[str, str]) -> dict[str, str]:
    if not all(is_allowed(address) for address in given.values()):
        raise ValueError("address")
    return given


class MailSettings(Part):
    """The mail server that this site may use. Without host and sender no mail leaves."""

    host: Annotated[str, AfterValidator(_host)] = Field(
        default="", description="メールサーバーの名前(例: mail.example.jp)"
    )
    port: int = Field(default=587, ge=1, le=65535, description="1 から 65535 の整数")
    starttls: bool = Field(default=True, description="true か false")
    user: str = Field(default="", max_length=254, description="サーバーに入る名前")
    sender: Annotated[str, AfterValidator(_mail_address)] = Field(
        default="", description="差出人のメールアドレス"
    )
    bounces: str = Field(default="", description="戻ってきたメールが置かれるフォルダー")

    @model_validator(mode="after")
    def _both_or_none(self) -> "MailSettings":
        if bool(self.host) != bool(self.sender):
            raise ValueError("host and sender belong together")
        return self

    @property
    def is_on(self) -> bool:
        """Whether mails leave at all."""
        return bool(self.host)


class ReminderSettings(Part):
    """What the region's council decided about reminding."""

    beyond_office: bool = Field(default=False, description="true か false")
    coordinator: Annotated[str, AfterValidator(_mail_address)] = Field(
        default="", description="地域の調整役のメールアドレス"
    )


class WebhookSettings(Part):
    """The systems of organizations that want to be told by HTTPS."""

    organizations: Annotated[dict[str, str], AfterValidator(_addresses)] = Field(
        default_factory=dict, description="「機関番号: https:// で始まるアドレス」の並び"
    )


class LinkSettings(Part):
    """Links that an office answers without signing in: how long they work, what they name."""

    days: int = Field(default=7, ge=1, le=31, description="1 から 31 の整数")
    name: Literal["masked", "full"] = Field(default="masked", description="masked か full")


class FaxSettings(Part):
    """FAX as a tracked channel. Without a folder no machine is told to send anything."""

    folder: str = Field(default="", description="FAXサーバーが見るフォルダーの絶対パス")
    second_person: bool = Field(default=False, description="true か false")

    @property
    def is_on(self) -> bool:
        """Whether sheets are handed to a FAX server."""
        return bool(self.folder)


class ExchangeSettings(Part):
    """Whose act an import is where the command names nobody."""

    ward_list_as: str = Field(
        default="", max_length=60, description="病院の職員のサインイン名(例: discharge-nurse)"
    )


class KeepingSettings(Part):
    """Where backups go, with which key, how many, and at which hour of the night.

    Without a folder and a key none are made by themselves.
    """

    backup_folder: str = Field(default="", description="データの外のフォルダーの絶対パス")
    backup_key: str = Field(default="", description="鍵のファイルの絶対パス")
    generations: int = Field(default=7, ge=5, le=400, description="5 から 400 の整数")
    backup_hour: int = Field(default=2, ge=0, le=23, description="0 から 23 の整数")

    @model_validator(mode="after")
    def _both_or_none(self) -> "KeepingSettings":
        if bool(self.backup_folder) != bool(self.backup_key):
            raise ValueError("folder and key belong together")
        return self

    @property
    def is_on(self) -> bool:
        """Whether backups are made every night."""
        return bool(self.backup_folder)


_HOSPITAL_NUMBER = Annotated[str, Field(pattern=r"^[0-9]{10}$")]


class RetentionSettings(Part):
    """After how many years a hospital's content goes; how long offices open what is finished.

    No period is built in: nothing goes by age, and access has no end, until a house decides.
    """

    hospitals: dict[_HOSPITAL_NUMBER, Annotated[int, Field(ge=1, le=100)]] = Field(
        default={}, description="「10桁の機関番号: 退院から何年で消すか(1 から 100)」"
    )
    office_access_days: int = Field(default=0, ge=0, le=3660, description="0 から 3660 の整数")


class AuditSettings(Part):
    """Where the end of the history is written down each day, outside the database."""

    anchor_folder: str = Field(default="", description="データの外のフォルダーの絶対パス")


class PasteSettings(Part):
    """How much of a person a text to paste names, by where it goes."""

    mcs: Literal["masked", "full"] = Field(default="masked", description="masked か full")
    chart: Literal["masked", "full"] = Field(default="full", description="masked か full")
    support_log: Literal["masked", "full"] = Field(default="full", description="masked か full")
