"""What the operator can set, read once from the environment.

``DOCUMENTED`` is the one list: the operator's page in docs/ is tested against it, so a setting
cannot exist without its explanation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from environs import Env

from suyuan.trace.errors import Misconfigured


@dataclass(frozen=True)
class Documented:
    """A setting's name in the environment, what it means, and what holds when it is not set."""

    name: str
    meaning: str
    default: str


DOCUMENTED: tuple[Documented, ...] = (
    Documented(
        "SUYUAN_DATA", "Folder that holds the database, evidence files and exports.", "./var"
    ),
    Documented(
        "SUYUAN_DATABASE_URL",
        "SQLAlchemy address of the database; PostgreSQL as postgresql+psycopg://…",
        "SQLite file suyuan.db in the data folder",
    ),
    Documented(
        "SUYUAN_PASSPHRASE_FILE",
        "File with the passphrase that unlocks the signing keys; init makes it with mode 0600.",
        "~/.config/suyuan/passphrase; in a demonstration, the file passphrase in its data folder",
    ),
    Documented(
        "SUYUAN_KEY_STORE",
        "Where new signing keys are made, for an HSM or KMS: module:function that gives the store.",
        "sealed in the database",
    ),
    Documented(
        "SUYUAN_AUTHORITY",
        "Name of the responsible authority, shown at every page's foot.",
        "empty",
    ),
    Documented("SUYUAN_ICP", "ICP filing number of the site (ICP备案号).", "empty"),
    Documented(
        "SUYUAN_POLICE_FILING", "Public-security filing number of the site (公安备案号).", "empty"
    ),
    Documented(
        "SUYUAN_SUPERVISION_PHONE",
        "Supervision line shown where a division has none of its own.",
        "12315",
    ),
    Documented("SUYUAN_UPLOAD_BYTES", "Largest upload that is read, in bytes.", "10485760"),
    Documented(
        "SUYUAN_READER_SECONDS", "Processor seconds that reading one uploaded sheet may take.", "20"
    ),
    Documented(
        "SUYUAN_READER_BYTES",
        "Memory that reading one uploaded sheet may take, in bytes.",
        "1073741824",
    ),
    Documented(
        "SUYUAN_PRINT_RUN_CODES",
        "Most codes that a request issues; a longer print run is issued by the worker.",
        "20000",
    ),
    Documented("SUYUAN_LINEAGE_ROWS", "Most batches that one lineage answer walks.", "10000"),
    Documented(
        "SUYUAN_STATUS_HOURS",
        "Hours for which a published status list may be relied on without network.",
        "24",
    ),
    Documented(
        "SUYUAN_WITNESS_POLICY",
        "File that names the log's witnesses and how many are needed (C2SP tlog-policy).",
        "witnesses.policy in the data folder; where there is none, no witness is asked",
    ),
    Documented(
        "SUYUAN_WITNESSES_AWAY",
        "Why a process may record although too few witnesses answered when it started; it is "
        "logged.",
        "nothing is recorded until enough have answered",
    ),
    Documented(
        "SUYUAN_TRUSTED_PROXIES", "How many reverse proxies stand in front (X-Forwarded-For).", "0"
    ),
    Documented(
        "SUYUAN_HTTPS",
        "true where people reach the site by https: cookies are then secure-only.",
        "false",
    ),
    Documented("SUYUAN_RATE_SIGN_IN", "Sign-in tries allowed from one address.", "20 per minute"),
    Documented(
        "SUYUAN_RATE_PERSON",
        "Wrong PINs or codes taken for one person before signing in must wait.",
        "10 per hour",
    ),
    Documented("SUYUAN_RATE_API", "API requests allowed for one token.", "600 per minute"),
    Documented(
        "SUYUAN_SMTP_URL",
        "Mail server for warnings, as smtps://user:password@host:465 or smtp://host:587 (STARTTLS "
        "where it is offered; a password only over TLS).",
        "none: mails stay in the outbox",
    ),
    Documented("SUYUAN_MAIL_FROM", "Address that mails of warnings come from.", "empty"),
    Documented(
        "SUYUAN_WEBHOOK_HOSTS",
        "Hosts of the operator's own network that webhooks may ask, separated by commas; others "
        "must be on the open Internet, by https.",
        "none",
    ),
    Documented(
        "SUYUAN_SMS_URL",
        "Address of the HTTP gateway that sends warnings as text messages; where it may be is as "
        "for webhooks.",
        "none: text messages stay in the outbox",
    ),
    Documented("SUYUAN_SMS_SECRET_FILE", "File with the secret that the gateway gave.", "none"),
    Documented(
        "SUYUAN_SMS_TEMPLATE",
        "JSON file that says what the gateway wants to be sent and how it says that it took it.",
        "the one that ships, sms_gateway.json",
    ),
    Documented(
        "SUYUAN_SMS_ASKED_SECRET_FILE",
        "File with the secret by which a gateway hands over messages with codes that people send.",
        "none: no such messages are taken",
    ),
    Documented(
        "SUYUAN_SMS_ASKED_FIELD", "Name under which that gateway sends what was written.", "text"
    ),
)


DEMO_PASSPHRASE = "passphrase"  # noqa: S105 - a file's name
"""File in a demonstration's data folder, so that its commands need nothing else."""


@dataclass(frozen=True)
class Settings:
    """The settings in force; see ``DOCUMENTED`` for what each means."""

    data: Path
    database_url: str = field(repr=False)
    passphrase_file: Path
    key_store: str = ""
    authority: str = ""
    icp: str = ""
    police_filing: str = ""
    supervision_phone: str = "12315"
    upload_bytes: int = 10 * 1024 * 1024
    reader_seconds: int = 20
    reader_bytes: int = 1024 * 1024 * 1024
    print_run_codes: int = 20_000
    lineage_rows: int = 10_000
    status_hours: int = 24
    witness_policy: Path | None = None
    witnesses_away: str = ""
    trusted_proxies: int = 0
    https: bool = False
    rate_sign_in: str = "20 per minute"
    rate_person: str = "10 per hour"
    rate_api: str = "600 per minute"
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    webhook_hosts: tuple[str, ...] = ()
    sms_url: str = field(default="", repr=False)
    sms_secret_file: Path | None = None
    sms_template: Path | None = None
    sms_asked_secret_file: Path | None = None
    sms_asked_field: str = "text"

    @property
    def policy_file(self) -> Path:
        """Where it is written whom the log asks to cosign."""
        return self.witness_policy or self.data / "witnesses.policy"

    @property
    def evidence_folder(self) -> Path:
        return self.data / "evidence"

    @property
    def labels_folder(self) -> Path:
        """Where files of labels lie that were drawn in the background."""
        return self.data / "labels"

    @property
    def families_folder(self) -> Path:
        """Where an operator puts family files of the county's own."""
        return self.data / "families"

    @property
    def root_key_file(self) -> Path:
        """Where ``init`` leaves the verifier key of the root, for ``suyuan verify``."""
        return self.data / "root.vkey"


def settings_from_environment(data: Path | None = None, env: Env | None = None) -> Settings:
    """Read the settings; ``data`` (from ``--data``) stands before ``SUYUAN_DATA``.

    Raises Misconfigured naming the variable whose value cannot be read.
    """
    env = env or Env(prefix="SUYUAN_")
    try:
        folder = (data or Path(env.str("DATA", "var"))).absolute()
        return Settings(
            data=folder,
            database_url=env.str("DATABASE_URL", "") or f"sqlite:///{folder / 'suyuan.db'}",
            passphrase_file=_passphrase_file(env.str("PASSPHRASE_FILE", ""), folder),
            key_store=env.str("KEY_STORE", ""),
            authority=env.str("AUTHORITY", ""),
            icp=env.str("ICP", ""),
            police_filing=env.str("POLICE_FILING", ""),
            supervision_phone=env.str("SUPERVISION_PHONE", "12315"),
            upload_bytes=env.int("UPLOAD_BYTES", Settings.upload_bytes),
            reader_seconds=env.int("READER_SECONDS", Settings.reader_seconds),
            reader_bytes=env.int("READER_BYTES", Settings.reader_bytes),
            print_run_codes=env.int("PRINT_RUN_CODES", Settings.print_run_codes),
            lineage_rows=env.int("LINEAGE_ROWS", Settings.lineage_rows),
            status_hours=env.int("STATUS_HOURS", Settings.status_hours),
            witness_policy=env.path("WITNESS_POLICY", None),
            witnesses_away=env.str("WITNESSES_AWAY", "").strip(),
            trusted_proxies=env.int("TRUSTED_PROXIES", 0),
            https=env.bool("HTTPS", False),
            rate_sign_in=env.str("RATE_SIGN_IN", Settings.rate_sign_in),
            rate_person=env.str("RATE_PERSON", Settings.rate_person),
            rate_api=env.str("RATE_API", Settings.rate_api),
            smtp_url=env.str("SMTP_URL", ""),
            mail_from=env.str("MAIL_FROM", ""),
            webhook_hosts=tuple(env.str("WEBHOOK_HOSTS", "").lower().replace(",", " ").split()),
            sms_url=env.str("SMS_URL", ""),
            sms_secret_file=env.path("SMS_SECRET_FILE", None),
            sms_template=env.path("SMS_TEMPLATE", None),
            sms_asked_secret_file=env.path("SMS_ASKED_SECRET_FILE", None),
            sms_asked_field=env.str("SMS_ASKED_FIELD", Settings.sms_asked_field),
        )
    except ValueError as error:
        raise Misconfigured("A setting cannot be read: {error}", error=str(error)) from error


def _passphrase_file(given: str, data: Path) -> Path:
    """Where the passphrase is. Only a demonstration keeps it beside its data."""
    beside = data / DEMO_PASSPHRASE
    if given:
        return Path(given)
    return beside if beside.exists() else Path.home() / ".config" / "suyuan" / "passphrase"
