"""The whole story as one table: from a vague signal to feedback, by the words that stand on the cards.

Whoever plays it (the demo in a terminal, the tests in a browser) knows fields and buttons by their labels only, so a
changed label is changed here and nowhere else. A label matches by its beginning.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Says:
    """Somebody types a message."""

    person: str
    text: str


@dataclass(frozen=True, slots=True)
class Sees:
    """A card with these words is on somebody's screen; what follows is done on that card."""

    person: str
    words: str
    #: What a step in the guides is called; also the name of its picture.
    scene: str = ""


@dataclass(frozen=True, slots=True)
class Fills:
    """Writes in a field."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Ticks:
    """Chooses under a label; without titles everything that is offered there."""

    label: str
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Presses:
    """Presses a button."""

    title: str


Step = Says | Sees | Fills | Ticks | Presses

ROBIN = "robin"
ANNA = "anna"

#: What Robin heard: made up, a vague signal of exploitation at work (like vignette V08 of the labelled corpus).
HEARD = (
    "Een man aan de balie vertelde dat hij bij een wasserij werkt voor 3 euro per uur. Het contract komt steeds "
    "volgende week. Zijn geld gaat naar de rekening van de broer van de baas."
)
FOR_REPORTER = "Dank je wel. Goed dat je dit hebt doorgegeven."

STORY: tuple[Step, ...] = (
    Says(ROBIN, "melden"),
    Sees(ROBIN, "Is er nu direct gevaar?", scene="gevaar"),
    Presses("Nee"),
    Sees(ROBIN, "Wat heb je gezien of gehoord?"),
    Fills("Wat heb je gezien of gehoord?", HEARD),
    Sees(ROBIN, "Wat heb je gezien of gehoord?", scene="vertellen"),
    Presses("Volgende"),
    Sees(ROBIN, "Dit las ik in je tekst"),
    Ticks("Dit las ik in je tekst"),
    Sees(ROBIN, "Dit las ik in je tekst", scene="herkennen"),
    Presses("Volgende"),
    Sees(ROBIN, "Is de persoon jonger dan 18 jaar?", scene="leeftijd"),
    Presses("Nee"),
    Sees(ROBIN, "Herken je dit ook?", scene="navraag"),
    Presses("Overslaan"),
    Sees(ROBIN, "Waar was het?"),
    Fills("Waar was het?", "Bij de balie"),
    Fills("Wanneer was het?", "Net, een kwartier geleden"),
    Ticks("Is de persoon er nu nog?", ("Nee",)),
    Sees(ROBIN, "Waar was het?", scene="omstandigheden"),
    Presses("Volgende"),
    Sees(ROBIN, "Klopt dit zo?", scene="samenvatting"),
    Presses("Versturen naar de AF"),
    Sees(ROBIN, "Je melding is ontvangen", scene="ontvangen"),
    Sees(ANNA, "Nieuw signaal", scene="nieuw-signaal"),
    Presses("Open"),
    Sees(ANNA, "Wie bel je", scene="signaal-openen"),
    Presses("Oppakken"),
    Sees(ANNA, "Je hebt dit signaal opgepakt", scene="opgepakt"),
    Sees(ROBIN, "Status: opgepakt", scene="nieuws-opgepakt"),
    Presses("Lees terugkoppeling"),
    Sees(ROBIN, "heeft je signaal opgepakt", scene="terugkoppeling-opgepakt"),
    Sees(ANNA, "Je hebt dit signaal opgepakt"),
    Presses("Overdragen"),
    Sees(ANNA, "Bel eerst."),
    Ticks("Wat heb je verteld?", ("Gezien of gehoord", "Waar")),
    Ticks("Waarom mag je dit delen?", ("Publieke taak",)),
    Fills("Wat is er afgesproken?", "Gebeld. De inspectie neemt het mee in een lopende controle."),
    Sees(ANNA, "Bel eerst.", scene="overdragen"),
    Presses("Bekijk wat de melder leest"),
    Sees(ANNA, "Dit leest de melder", scene="overdragen-bekijken"),
    Presses("Overdragen en melder informeren"),
    Sees(ANNA, "De overdracht staat vast", scene="overgedragen"),
    Sees(ROBIN, "Status: overgedragen", scene="nieuws-overgedragen"),
    Presses("Lees terugkoppeling"),
    Sees(ROBIN, "heeft je signaal doorgegeven", scene="terugkoppeling-overgedragen"),
    Sees(ANNA, "De overdracht staat vast"),
    Presses("Afsluiten"),
    Sees(ANNA, "Wat leest de melder?"),
    Ticks("Wat leest de melder?", ("Een partner gaat ermee verder",)),
    Fills("Eigen regel voor de melder", FOR_REPORTER),
    Presses("Bekijk wat de melder leest"),
    Sees(ANNA, "Dit leest de melder", scene="afsluiten"),
    Presses("Afsluiten en terugkoppelen"),
    Sees(ANNA, "Het signaal is afgesloten", scene="afgesloten"),
    Sees(ROBIN, "Status: afgesloten", scene="nieuws-afgesloten"),
    Presses("Lees terugkoppeling"),
    Sees(ROBIN, FOR_REPORTER, scene="terugkoppeling-afgesloten"),
)
