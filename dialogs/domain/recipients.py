"""Who can be consulted or get a signal, in the policy's order, and on which ground.

Policy annexes 1, 3 and 4 and section 5.2. RIEC and Zorgtafel get it under their own covenant only (5.2), so each is a
hand-over of its own. CoMensha is never one: police and ZoCo tell it (domain.md 4).
"""

from collections.abc import Iterable
from enum import StrEnum
from types import MappingProxyType

#: Another desk, inside or outside the municipality, named by the officer.
OTHER_DESK = "desk"

#: Keys of the directory, and of recipients that need no entry there: their names are in the texts, under `recipient`.
POLICY_ORDER = (
    "avim",
    "zoco",
    "nla",
    "kmar",
    "riec",
    "care_table_minor",
    "care_table_adult",
    "case_meeting",
    "process_director",
    "safety_adviser",
    "iml",
    "veilig_thuis",
)
OUTSIDE_DIRECTORY = (
    "care_table_minor",
    "care_table_adult",
    "case_meeting",
    "process_director",
    "safety_adviser",
    "iml",
    OTHER_DESK,
)
#: 112 is called, the AF is the reader; nobody is reported to CoMensha or anonymously.
_NEVER = frozenset({"112", "af", "comensha", "mma"})


class Ground(StrEnum):
    """Why it may be shared (domain.md 5, rows 1, 3 and 4). Stored; never renamed."""

    #: The public task (AVG 6(1)(e)).
    TASK = "task"
    #: Vital interest (AVG 6(1)(d)).
    DANGER = "danger"
    CONSENT = "consent"
    COVENANT_RIEC = "covenant_riec"
    COVENANT_CARE_TABLE = "covenant_care_table"


class How(StrEnum):
    """In which way it was shared. Stored; never renamed."""

    PHONE = "phone"
    MAIL = "mail"
    MEETING = "meeting"


#: The covenant under which a recipient gets anything at all.
COVENANT_OF = MappingProxyType(
    {
        "riec": Ground.COVENANT_RIEC,
        "care_table_minor": Ground.COVENANT_CARE_TABLE,
        "care_table_adult": Ground.COVENANT_CARE_TABLE,
    }
)


def recipients(directory: Iterable[str]) -> tuple[str, ...]:
    """Everybody who can get a signal, by key: first as the policy names them, then who else is in the directory."""
    listed = tuple(directory)
    named = tuple(key for key in POLICY_ORDER if key in listed or key in OUTSIDE_DIRECTORY)
    others = tuple(key for key in listed if key not in named and key not in _NEVER)
    return (*named, *others, OTHER_DESK)


def grounds_for(chosen: Iterable[str]) -> frozenset[Ground]:
    """The grounds on which these may get it together; empty where they need hand-overs of their own."""
    covenants = {COVENANT_OF.get(key) for key in chosen}
    match tuple(covenants):
        case () | (None,):
            return frozenset(Ground) - set(COVENANT_OF.values())
        case (Ground() as covenant,):
            return frozenset({covenant})
        case _:
            return frozenset()
