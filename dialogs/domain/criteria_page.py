"""The criteria as a page for the AF, in Dutch Markdown: what each says, weighs and why, and how it is read."""

from collections.abc import Iterator

from dialogs.domain.criteria import Age, Criteria, Criterion, Element, Source, Strength

_STRENGTHS = {Strength.STRONG: "sterk", Strength.MEDIUM: "gemiddeld", Strength.WEAK: "zwak"}
_SOURCES = {Source.DELPHI: "ILO Delphi 2009", Source.LAW: "de wet", Source.JUDGEMENT: "eigen oordeel"}
_ELEMENTS = {
    Element.ACT: "handeling",
    Element.MEANS: "middel",
    Element.PURPOSE: "doel",
    Element.CONTEXT: "omstandigheid",
}
_AGES = {Age.ADULT: "volwassenen", Age.CHILD: "minderjarigen", Age.BOTH: "iedereen"}

_INTRODUCTION = """\
# De signaalcriteria

Deze bladzijde is gemaakt uit `dialogs/data/criteria.yaml`, versie {version}. Pas het bestand aan, niet deze bladzijde,
en draai daarna `python -m tests.dialogs.domain.test_criteria_page`.

Er zijn {number} criteria. Meldroute stelt ze voor als het ze in een verhaal denkt te lezen. Een criterium telt pas mee
als de melder het aanvinkt. De weging is een hulp: de AF beslist.

## Zo voeg je een patroon toe

Zoek het criterium in het bestand. Zet onder `recognise` een nieuwe regel, en onder `examples` een zin die herkend moet
worden (`match`) en een zin die dat niet mag (`no_match`). De voorbeelden draaien mee als test.

| je schrijft | het betekent |
|---|---|
| `paspoort baas` | beide woorden in één zin, in elke volgorde en in elke vorm ("gebroken" alleen als "gebroken") |
| `baas > paspoort` | in deze volgorde |
| `baas >3 paspoort` | in deze volgorde, met hoogstens drie woorden ertussen |
| `baas ~3 paspoort` | in elke volgorde, met hoogstens drie woorden ertussen |
| `blauw_oog\\|striem` | een van beide; `_` verbindt woorden die op elkaar volgen |
| `!tolk` | niet als dit woord in de zin staat |
| `& kind` | en dit in de zin zelf of vlakbij (twee zinnen ervoor of erna) |
| `2of @baas kluis niet_terug` | minstens twee van deze, elk in andere woorden, waar dan ook in de zin |
| `@baas` | een woordenlijst uit `recognition.yaml` |
| `af+pakken` | ook "afgepakt", "af te pakken" en "pakt ... af" |
| `=was` | precies dit woord, in geen andere vorm |
| `hennep*`, `*strook` | woorden die zo beginnen of eindigen |
| `12-24` | een getal van 12 tot en met 24, in cijfers of in letters |
| `(12-24)` | hetzelfde, als het getal los staat: "Esra (15)", "zestien pas" |

Een patroon onder `recognise` is alleen genoeg. Onder `hints` is het dat niet: het criterium wordt pas voorgesteld als
er nog een hint past die vooral andere woorden leest, of als er drie passen. Zet een nieuw patroon eerst onder `hints`:
op teksten die niemand bij het schrijven zag, was een patroon dat alleen sprak maar in de helft van de gevallen raak.
Hoe vaak elk patroon van een criterium raak was, toont `python -m tests.benchmarks.pattern_table SLEUTEL`.

Onder `unless` staan onschuldige lezingen: dan wordt niets voorgesteld. Onder `denied` staat hoe een tekst zegt dat het
niet zo is. Onder `gives_way_to` staan sleutels van criteria die het beter zeggen: woorden waarin zo'n criterium gelezen
is, tellen voor dit niet. Een litteken van een operatie is geen spoor van slaan.

Leest alles bij elkaar maar twee woorden in de hele tekst, dan is dat te weinig: op teksten die niemand bij het
schrijven zag, was het vaker mis dan raak. Het telt wel als een patroon onder `recognise` ze met hoogstens twee woorden
ertussen leest ("hij slaat haar"), of als er drie patronen passen. Schrijf een patroon dus voor drie woorden of meer.
"""


def criteria_page(criteria: Criteria) -> str:
    """Return the whole page."""
    return "\n".join((_INTRODUCTION.format(version=criteria.version, number=len(criteria)), *_themes(criteria)))


def _themes(criteria: Criteria) -> Iterator[str]:
    for theme in dict.fromkeys(criterion.theme for criterion in criteria):
        yield f"## {theme}\n"
        for criterion in criteria:
            if criterion.theme == theme:
                yield "\n".join(_entry(criterion))


def _entry(criterion: Criterion) -> Iterator[str]:
    weight = _STRENGTHS[criterion.strength]
    if criterion.minor_strength is not criterion.strength:
        weight += f", bij een minderjarige {_STRENGTHS[criterion.minor_strength]}"
    why = f": {criterion.why}" if criterion.why else ""
    yield f"### {criterion.sentence}\n"
    yield f"- sleutel: `{criterion.key}`"
    yield f"- past bij: {', '.join(criterion.forms)}; gaat over {_AGES[criterion.age]}"
    yield f"- weegt {weight} ({_SOURCES[criterion.source]}{why})"
    yield f"- artikel 273f Sr: {_ELEMENTS[criterion.element]}; dimensie {criterion.dimension}"
    if criterion.acute_if:
        yield f"- mogelijk acuut als: {criterion.acute_if}"
    yield from (f'- wel: "{example}"' for example in criterion.examples.match)
    yield from (f'- niet: "{example}"' for example in criterion.examples.no_match)
    yield ""
