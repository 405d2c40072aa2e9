"""The settings, read once at start from the environment: frozen, complete, secrets kept out of every print."""

import re
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from bot.municipalities import known_municipality
from bot.teams.identity import CredentialKind

PREFIX = "MELDROUTE_"
_ALL = "Ze staan allemaal in README.md, onder Settings."


def _lower_case(people: dict[str, str]) -> dict[str, str]:
    """Object ids as Teams is read: the same person in one spelling."""
    return {person.lower(): name for person, name in people.items()}


#: Names by Entra object id, in JSON: {"0000...": "Anna"}.
People = Annotated[dict[str, str], AfterValidator(_lower_case)]


class SettingsInvalid(Exception):
    """The bot cannot start with these settings; the message names all that is wrong or missing, and the remedy."""


class Settings(BaseSettings):
    """One municipality: its Azure bot, its staff, its database. Each is an environment variable `MELDROUTE_...`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    #: Entra application id of the Azure bot, and the directory (tenant) of the municipality.
    app_id: str = ""
    tenant_id: str = ""
    #: How the bot proves who it is.
    identity: CredentialKind = "managed_identity"
    app_secret: SecretStr = SecretStr("")
    certificate_path: Path | None = None
    #: Where Teams may call from and be called at, besides the hosts of Teams itself.
    service_hosts: tuple[str, ...] = ()
    #: Where a conversation is opened with somebody who never wrote (Microsoft Learn, "Send proactive messages").
    service_url: str = "https://smba.trafficmanager.net/teams/"

    #: Whether the bot may install the app for somebody who never opened it, through Microsoft Graph; and the app's id
    #: in its manifest, if it is not `app_id`.
    install_app: bool = False
    manifest_id: str = ""

    database_url: SecretStr = SecretStr("")
    #: The owner of the tables, for `migrate` only; the bot itself runs as a role that may not change them.
    owner_database_url: SecretStr | None = None
    key_file: Path = Path("var/content.key")

    municipality: Annotated[str, AfterValidator(known_municipality)] = "maashorst"
    municipality_name: str = ""
    #: At least one focal officer.
    focal_officers: People = Field(default_factory=dict[str, str])
    #: Who stands in for a focal officer who is away.
    deputies: People = Field(default_factory=dict[str, str])
    confidants: People = Field(default_factory=dict[str, str])
    #: Who keeps the directory of partners right; they see no signals.
    administrators: People = Field(default_factory=dict[str, str])
    #: How many days a delivered notice stays in the outbox, to tell on the case what was delivered.
    keep_sent_days: Annotated[int, Field(ge=1, le=3650)] = 90
    #: Within how long things must happen (dialogs.domain.terms): danger in minutes on the real clock, all else in
    #: working hours and working days.
    term_acute_minutes: Annotated[int, Field(ge=1, le=240)] = 15
    term_clear_hours: Annotated[int, Field(ge=1, le=80)] = 4
    term_unclaimed_days: Annotated[int, Field(ge=1, le=20)] = 2
    term_question_days: Annotated[int, Field(ge=2, le=40)] = 5
    term_partner_days: Annotated[int, Field(ge=1, le=60)] = 5
    term_feedback_days: Annotated[int, Field(ge=1, le=60)] = 10
    #: The functional mailbox that hears what officers leave lying, and the mailbox that mail comes from. Without SMTP
    #: server mail goes through Microsoft Graph.
    fallback_mail: str = ""
    mail_from: str = ""
    smtp_host: str = ""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    #: A YAML file of texts laid over the shipped ones.
    texts_file: Path | None = None

    #: Minutes that a notice, and an acute signal that nobody took up, may wait before `/readyz` says so; 0: for ever.
    longest_notice_minutes: Annotated[int, Field(ge=0)] = 15
    longest_acute_minutes: Annotated[int, Field(ge=0)] = 30
    #: Where figures and traces go, "http://collector:4318"; empty: nowhere.
    telemetry_endpoint: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    #: Seconds that a bot which is told to stop still takes turns: in these the load balancer notices.
    drain_seconds: Annotated[float, Field(ge=0, le=60)] = 5

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 3978
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    #: Set by --local on the command line, never by the environment.
    local: bool = Field(default=False, exclude=True)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [] if self.local else [name for name in self._needed() if not self._given(name)]
        if not self.focal_officers:
            missing.append("focal_officers")
        if self.fallback_mail and not self.mail_from:
            missing.append("mail_from")
        if missing:
            names = ", ".join(f"{PREFIX}{name.upper()}" for name in missing)
            raise ValueError(f"niet ingevuld: {names}")
        if twice := self._in_two_roles():
            raise ValueError(twice)
        return self

    @property
    def municipality_in_words(self) -> str:
        """As it stands in a sentence: "gemeente Maashorst"."""
        return self.municipality_name or f"gemeente {self.municipality.capitalize()}"

    def _in_two_roles(self) -> str:
        """Who is named twice: where a signal about an officer goes would depend on the role that is looked at."""
        roles = {"focal_officers": self.focal_officers, "deputies": self.deputies, "confidants": self.confidants}
        return ", ".join(
            f"{person} staat in {PREFIX}{one.upper()} en in {PREFIX}{other.upper()}: haal een van de twee weg"
            for (one, some), (other, more) in combinations(roles.items(), 2)
            for person in some
            if person in more
        )

    def _needed(self) -> tuple[str, ...]:
        proof = {"secret": ("app_secret",), "certificate": ("certificate_path",)}.get(self.identity, ())
        return ("app_id", "tenant_id", "database_url", *proof)

    def _given(self, name: str) -> bool:
        value = getattr(self, name)
        return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


def read_settings(**overrides: Any) -> Settings:
    """The settings of this process. Raises SettingsInvalid, naming everything at once."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        faults = "; ".join(_fault(dict(fault)) for fault in error.errors())
        raise SettingsInvalid(f"{faults}. {_ALL}") from None
    except SettingsError as error:
        # Is raised at the first one; its message names the field, and its cause has what was given.
        name = "".join(re.findall(r'field "(\w+)"', str(error))).upper()
        raise SettingsInvalid(f"{PREFIX}{name}: dit is geen geldige JSON. {_ALL}") from None


def _fault(fault: dict[str, Any]) -> str:
    name = ".".join(str(part) for part in fault["loc"])
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{PREFIX}{name.upper()}: {message}" if name else message
