"""What a site may set: config.yaml and the environment, read once into a frozen `Settings`.

Only entry points import this module; everybody else is given the values. An unknown key, a
wrong type or a misspelt variable is refused with the file, the line and what to write instead:
a setting that is silently ignored is worse than one that stops the start. Secrets come from the
environment or from a file it names, never from config.yaml, and are never printed.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from sqlalchemy.engine import make_url

from settings_blocks import (
    AuditSettings,
    DatabaseSettings,
    ExchangeSettings,
    FaxSettings,
    KeepingSettings,
    LinkSettings,
    MailSettings,
    Part,
    PasteSettings,
    RatesSettings,
    ReminderSettings,
    RetentionSettings,
    SchedulerSettings,
    SessionSettings,
    WebhookSettings,
    web_address,
)
from settings_environment import nearest, port_of, refuse_unknown_variables
from settings_secrets import (
    KEYS_FILE,
    ConfigError,
    database_url,
    record_keys,
    secret,
    webhook_secret,
)

__all__ = [
    "ROOT",
    "ConfigError",
    "DatabaseSettings",
    "ExchangeSettings",
    "FaxSettings",
    "LinkSettings",
    "MailSettings",
    "PasteSettings",
    "RatesSettings",
    "ReminderSettings",
    "SchedulerSettings",
    "SessionSettings",
    "Settings",
    "WebhookSettings",
    "load",
]

ROOT = Path(__file__).resolve().parent

_Keys = tuple[str, ...]


class _Document(Part):
    """config.yaml, key by key."""

    region: str = Field(
        pattern=r"^[a-z][a-z0-9_-]*$", description="rules/regions/ のフォルダー名(例: mihon)"
    )
    public_base_url: Annotated[str, AfterValidator(web_address)] = Field(
        default="", description="http:// か https:// で始まるアドレス"
    )
    database: DatabaseSettings = DatabaseSettings()
    session: SessionSettings = SessionSettings()
    scheduler: SchedulerSettings = SchedulerSettings()
    rates: RatesSettings = RatesSettings()
    mail: MailSettings = MailSettings()
    reminders: ReminderSettings = ReminderSettings()
    webhook: WebhookSettings = WebhookSettings()
    paste: PasteSettings = PasteSettings()
    links: LinkSettings = LinkSettings()
    fax: FaxSettings = FaxSettings()
    exchange: ExchangeSettings = ExchangeSettings()
    keeping: KeepingSettings = KeepingSettings()
    retention: RetentionSettings = RetentionSettings()
    audit: AuditSettings = AuditSettings()
    public_holidays: str = Field(
        default="", description="内閣府の祝日の一覧のファイル名(例: syukujitsu.csv)"
    )


class Settings(Part):
    """Everything that was set, checked and frozen.

    `database_url` may hold a password and is left out of the representation. `data` is the
    absolute folder of the SQLite database and of whatever else must outlive a restart.
    """

    region: str
    public_base_url: str
    database_url: str = Field(repr=False)
    backup_database_url: str = Field(default="", repr=False)
    port: int
    data: Path
    session: SessionSettings
    scheduler: SchedulerSettings
    rates: RatesSettings
    mail: MailSettings = MailSettings()
    mail_password: str = Field(default="", repr=False)
    reminders: ReminderSettings = ReminderSettings()
    webhook: WebhookSettings = WebhookSettings()
    webhook_secret: str = Field(default="", repr=False)
    record_keys: str = Field(default="", repr=False)
    paste: PasteSettings = PasteSettings()
    links: LinkSettings = LinkSettings()
    fax: FaxSettings = FaxSettings()
    exchange: ExchangeSettings = ExchangeSettings()
    keeping: KeepingSettings = KeepingSettings()
    retention: RetentionSettings = RetentionSettings()
    audit: AuditSettings = AuditSettings()
    public_holidays: Path | None = None
    file: Path

    def data_folder(self) -> Path:
        """Make the data folder if it is missing, open to its owner alone, and return it."""
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"データのフォルダー {self.data} を作れません({error.strerror})。"
                "書き込めるフォルダーを TSUNAGI_DATA で指定してください。"
            ) from error
        return self.data

    def keys(self) -> str:
        """Take the keys that seal history and lock secrets, made at the first start."""
        return record_keys(self.data_folder(), self.record_keys)

    @property
    def keys_file(self) -> Path | None:
        """Where the keys stand in the data folder; None where they were given."""
        return None if self.record_keys else self.data / KEYS_FILE

    def anchor_folder(self) -> Path:
        """Where the end of the history is written down each day, outside the database."""
        return Path(self.audit.anchor_folder) if self.audit.anchor_folder else self.data / "anchors"

    def lines(self) -> list[str]:
        """Say what was read, one setting a line, with the password hidden."""
        hidden = make_url(self.database_url).render_as_string(hide_password=True)
        return [
            f"設定ファイル {self.file}",
            f"地域 {self.region}",
            f"データベース {hidden}",
            f"ポート {self.port}、公開アドレス {self.public_base_url}",
            f"自動サインアウト {self.session.idle_minutes}分、{self.session.absolute_hours}時間",
            f"期限の見回り {self.scheduler.tick_seconds}秒ごと",
            f"病院名 {self.rates.hospital_names}、月の確定 {self.rates.month_closes}",
            f"メール {self.mail.host or '送らない'}、Webhook {len(self.webhook.organizations)}機関",
            f"バックアップ {self.keeping.backup_folder or '自動では作らない'}",
            f"期間が過ぎた内容の消去 {len(self.retention.hospitals)}病院が決めた",
        ]


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read config.yaml and the environment.

    TSUNAGI_CONFIG names another file, TSUNAGI_DATA another data folder, PORT another port;
    DATABASE_URL and DATABASE_PASSWORD (either may end in _FILE) win over the file;
    MAIL_PASSWORD, WEBHOOK_SECRET and RECORD_KEYS (each may end in _FILE) stand nowhere else. So
    does BACKUP_DATABASE_URL, a PostgreSQL user's who may read everything and make databases.

    Raises:
        ConfigError: something cannot be read, is unknown, or has a value that cannot be used.
    """
    refuse_unknown_variables(environ)
    file = Path(environ.get("TSUNAGI_CONFIG") or ROOT / "config.yaml").absolute()
    document, where_url_stands = _read(file)
    port = port_of(environ.get("PORT") or "8000")
    data = Path(environ.get("TSUNAGI_DATA") or ROOT / "var").expanduser().absolute()
    return Settings(
        region=document.region,
        public_base_url=document.public_base_url or f"http://127.0.0.1:{port}",
        database_url=database_url(document.database.url, where_url_stands, data, environ),
        backup_database_url=secret("BACKUP_DATABASE_URL", environ) or "",
        port=port,
        data=data,
        session=document.session,
        scheduler=document.scheduler,
        rates=document.rates,
        mail=document.mail,
        mail_password=secret("MAIL_PASSWORD", environ) or "",
        reminders=document.reminders,
        webhook=document.webhook,
        webhook_secret=webhook_secret(environ, needed=bool(document.webhook.organizations)),
        record_keys=secret("RECORD_KEYS", environ) or "",
        paste=document.paste,
        links=document.links,
        fax=document.fax,
        exchange=document.exchange,
        keeping=document.keeping,
        retention=document.retention,
        audit=document.audit,
        public_holidays=_beside(file, document.public_holidays),
        file=file,
    )


def _beside(file: Path, name: str) -> Path | None:
    """A file named in config.yaml, counted from its folder; what is in it is read by others."""
    return file.parent / Path(name).expanduser() if name else None


def _read(file: Path) -> tuple[_Document, str]:
    """Read config.yaml; the second value is where in it the database's address stands."""
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise ConfigError(
            f"設定ファイル {file} を読めません({error.strerror})。"
            "場所を TSUNAGI_CONFIG で指定するか、ファイルを置いてください。"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: UTF-8 で保存し直してください。") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(
            f"{file}:{line}: YAML として読めません。字下げと「項目: 値」の形を確かめてください。"
        ) from error
    lines: dict[_Keys, int] = {}
    content = {} if node is None else _plain(node, (), lines, file)
    try:
        document = _Document.model_validate(content)
    except ValidationError as error:
        # Each arm of a union complains; one sentence for the reader is enough.
        said = dict.fromkeys(_words(one, lines, file) for one in error.errors())
        raise ConfigError("\n".join(said)) from None
    return document, f"{file}:{lines.get(('database', 'url'), 1)}"


def _plain(node: yaml.Node, path: _Keys, lines: dict[_Keys, int], file: Path) -> object:
    """Turn a YAML node into plain values, noting the line of each key."""
    if not isinstance(node, yaml.MappingNode):
        return yaml.SafeLoader("").construct_document(node)
    content: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key in content:
            raise ConfigError(
                f"{file}:{line}: 「{key}」が二度書かれています。どちらか一つにしてください。"
            )
        lines[*path, key] = line
        content[key] = _plain(value_node, (*path, key), lines, file)
    return content


def _words(error: ErrorDetails, lines: dict[_Keys, int], file: Path) -> str:
    """Say one mistake in the file, in Japanese, with what to write instead."""
    path: list[str] = []
    fields = _Document.model_fields
    field: FieldInfo | None = None
    for step in error["loc"]:
        path.append(str(step))
        field = fields.get(path[-1])
        block = field and field.annotation
        if not (isinstance(block, type) and issubclass(block, Part)):
            break
        fields = block.model_fields
    if not path:
        return f"{file}:1: {'、'.join(fields)} の並びで書いてください。"
    name = ".".join(path)
    where = f"{file}:{lines.get(tuple(path), 1)}"
    if field is None:
        near = nearest(path[-1], list(fields))
        return f"{where}: 「{name}」という項目はありません。{near}"
    if error["type"] == "missing":
        return f"{where}: 「{name}」がありません。{field.description}で書いてください。"
    expected = field.description or f"{'、'.join(fields)} の並び"
    return f"{where}: 「{name}」は {expected}で書いてください。"
