"""The people of the try-out: made up, each with the ids that Teams would give them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

#: The made-up directory (tenant) of the try-out municipality, and the bot's application id in it.
TENANT_ID = "7e1d0000-0000-4000-8000-000000000001"
APP_ID = "b07d0000-0000-4000-8000-000000000002"
BOT_NAME = "Meldroute"


class Role(StrEnum):
    """What somebody does in the try-out; decides in which column they stand."""

    REPORTER = "reporter"
    OFFICER = "officer"
    #: Keeps the numbers right; stands where the officers stand, and sees no signal.
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class LocalPerson:
    """Somebody who chats with the bot in the try-out window."""

    #: Short name in the window's own addresses: "robin".
    key: str
    name: str
    role: Role
    #: Entra object id.
    object_id: str

    @property
    def teams_id(self) -> str:
        """Their id in this channel, as the Bot Framework writes it: "29:..."."""
        return f"29:1{self.object_id.replace('-', '')}"

    @property
    def conversation_id(self) -> str:
        """Their one-to-one conversation with the bot: "a:..."."""
        return f"a:1{self.object_id.replace('-', '')}"


DEFAULT_PEOPLE = (
    LocalPerson("robin", "Robin Reporter", Role.REPORTER, "0b1d0000-0000-4000-8000-00000000000a"),
    LocalPerson("anna", "Anna de AF", Role.OFFICER, "a44a0000-0000-4000-8000-00000000000b"),
    LocalPerson("bas", "Bas de AF", Role.OFFICER, "ba5b0000-0000-4000-8000-00000000000c"),
    LocalPerson("kim", "Kim de beheerder", Role.ADMINISTRATOR, "c14d0000-0000-4000-8000-00000000000d"),
)


def names_of(role: Role, people: Sequence[LocalPerson] = DEFAULT_PEOPLE) -> dict[str, str]:
    """The names of those who have this role by Entra object id, as the settings want them."""
    return {person.object_id: person.name for person in people if person.role is role}
