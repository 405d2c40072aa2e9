"""What the dialogs know besides the person in front of them: read from files at start, the same for everybody."""

from dataclasses import dataclass, field

from dialogs.domain.access import Staff
from dialogs.domain.criteria import Criteria
from dialogs.domain.partners import Directory, LaidOver
from dialogs.domain.terms import Terms
from dialogs.intake.questions import QUESTIONS, Question
from dialogs.learning import Learning
from dialogs.ports import Suggester
from dialogs.texts import Texts


@dataclass(slots=True)
class CurrentPartners:
    """The directory in force, kept in memory and shared by all turns; replaced whole when somebody changed it."""

    now: LaidOver
    #: How many edits were stored when it was read; -1: they were never read.
    revision: int = -1
    #: The database could not be read when it was last tried: answers say that these are the last known numbers.
    away: bool = False


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Criteria, questions, partners, texts and staff of one municipality."""

    criteria: Criteria
    suggester: Suggester
    partners: CurrentPartners
    texts: Texts
    learning: Learning
    staff: Staff
    #: "gemeente Maashorst", as it stands in a sentence.
    municipality: str
    questions: tuple[Question, ...] = QUESTIONS
    #: How long each wait may last.
    terms: Terms = field(default_factory=Terms)
    #: Whether the municipality has a functional mailbox for what officers leave lying (policy annex 3).
    has_mailbox: bool = False
    #: Names of the focal officers by Entra object id, for the question whether it is about one of them.
    officer_names: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def directory(self) -> Directory:
        """The partners as they are in force now."""
        return self.partners.now.directory
