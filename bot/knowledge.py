"""What the dialogs know, read from the shipped files and the settings."""

from datetime import timedelta
from importlib import resources

from bot.commands.knowledge import load_criteria, load_recogniser
from bot.municipalities import partners_as_shipped
from bot.settings import Settings
from dialogs.domain.access import Staff
from dialogs.domain.partners import Directory, DirectoryFile, lay_over, read_file
from dialogs.domain.terms import Terms
from dialogs.domain.working_time import WORKDAY
from dialogs.knowledge import CurrentPartners, Knowledge
from dialogs.learning import Learning, parse_learning
from dialogs.texts import Texts, TextsInvalid, parse_texts


def shipped(name: str) -> str:
    """The text of a file under dialogs/data. Raises FileNotFoundError."""
    return resources.files("dialogs").joinpath("data", *name.split("/")).read_text("utf-8")


def load_directory(municipality: str) -> Directory:
    """The partners of a municipality, by its name in any case. Raises ValueError, DirectoryInvalid."""
    return load_partner_file(municipality).directory()


def load_partner_file(municipality: str) -> DirectoryFile:
    """The file of partners as shipped, in its own notation. Raises ValueError, DirectoryInvalid."""
    return read_file(partners_as_shipped(municipality))


def load_texts(settings: Settings) -> Texts:
    """The shipped texts with the municipality's own wording over them. Raises TextsInvalid."""
    source = shipped("texts.yaml")
    if settings.texts_file is None:
        return parse_texts(source)
    what = f"MELDROUTE_TEXTS_FILE {settings.texts_file}"
    try:
        own = parse_texts(settings.texts_file.read_text("utf-8"))
        return parse_texts(source, {key: own(key) for key in own})
    except OSError as error:
        raise TextsInvalid(f"{what}: kan niet worden gelezen ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise TextsInvalid(f"{what}: is geen tekst in UTF-8") from error
    except TextsInvalid as invalid:
        raise TextsInvalid(f"{what}: {invalid}") from invalid


def load_learning() -> Learning:
    """The lessons. Raises LearningInvalid."""
    return parse_learning(shipped("learning.yaml"))


def load_knowledge(settings: Settings) -> Knowledge:
    """Everything at once; whatever is wrong in a file is an error here, at start, and not in the chat."""
    return Knowledge(
        criteria=load_criteria(),
        suggester=load_recogniser(),
        partners=CurrentPartners(lay_over(load_partner_file(settings.municipality))),
        texts=load_texts(settings),
        learning=load_learning(),
        staff=Staff(
            tuple(settings.focal_officers),
            tuple(settings.confidants),
            tuple(settings.administrators),
            tuple(settings.deputies),
        ),
        municipality=settings.municipality_in_words,
        officer_names={**settings.deputies, **settings.focal_officers},
        terms=Terms(
            unclaimed_acute=timedelta(minutes=settings.term_acute_minutes),
            unclaimed_clear=timedelta(hours=settings.term_clear_hours),
            unclaimed=settings.term_unclaimed_days * WORKDAY,
            question_reminder=max(1, settings.term_question_days * 2 // 5) * WORKDAY,
            question=settings.term_question_days * WORKDAY,
            partner=settings.term_partner_days * WORKDAY,
            feedback=settings.term_feedback_days * WORKDAY,
        ),
        has_mailbox=bool(settings.fallback_mail),
    )
