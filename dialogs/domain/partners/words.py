"""The Dutch words with which people ask for a number, and how a question is cut into words."""

import re
import unicodedata
from collections.abc import Mapping

from dialogs.domain.criteria import Form


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as running text."""
    return frozenset(text.split())


#: Words that carry no name: how somebody asks, not who is meant.
STOPWORDS = word_set(
    """
    aan aangaande aanspreken afdeling als alsjeblieft alstublieft ander anders aub balie bel belde bellen belt ben
    bereik bereikbaar bereiken beste betreft bij buiten contact contactgegevens contactpersonen contactpersoon d da
    daar dan dank dat de deze die dienst dit doe doen dus een eens eigenlijk email en er even ga gaan gauw geef geen
    gegevens geldt gemeente geval geven goede graag hallo heb hebben hebt heeft het hier hij hoe hoi hulplijn iemand
    iets ik in info informatie is je jij jou juiste jullie kan kantoortijd kom krijg kun kunnen kunt laat lijn maar
    mag mail mailadres maken me meld melden melding meldpunt men met mij mijn moet moeten momenteel naam naar niet
    niks nodig nog nooit nou nr nu nummer nummers nummertje of ofzo ons onze ook op over per pls plz praten s schakel
    situatie snel spreek spreken stuur t te team tel telefonisch telefoon telefoonnr telefoonnummer telefoonnummers
    telnr terecht toch tot u uit uur van vandaag verdacht verdenking vermoed vermoeden vind vinden voor vraag vragen
    waar wanneer wat we weet wel welk welke wie wij wil willen word wordt ze zeg zich zij zijn zit zo zoek zoeken zou
    call can do for my need now number phone please should the what who
    jaki jest kto na numer potrzebuje prosze telefonu zadzwonic
    """
)

#: Words for the four forms of exploitation (policy, chapter 3), as people at a desk write them.
FORM_WORDS: Mapping[Form, tuple[str, ...]] = {
    Form.SU: (
        "SU",
        "seksuele uitbuiting",
        "sexuele uitbuiting",
        "seks uitbuiting",
        "gedwongen prostitutie",
        "prostitutie",
        "prostituee",
        "sekswerk",
        "sekswerker",
        "loverboy",
        "loverboys",
        "pooier",
        "webcamseks",
        "thuisprostitutie",
    ),
    Form.AU: (
        "AU",
        "arbeidsuitbuiting",
        "uitbuiting werk",
        "uitbuiting arbeid",
        "uitgebuit werk",
        "arbeidsmigrant",
        "arbeidsmigranten",
        "onderbetaling",
        "onderbetaald",
        "slecht werkgeverschap",
        "malafide uitzendbureau",
        "gedwongen arbeid",
        "gedwongen werk",
        "dwangarbeid",
        "uitzendbureau",
        "werkgever",
    ),
    Form.CU: (
        "CU",
        "criminele uitbuiting",
        "gedwongen criminaliteit",
        "gedwongen stelen",
        "gedwongen diefstal",
        "gedwongen bedelen",
        "gedwongen bedelarij",
        "bedelarij",
        "bedelen",
        "drugskoerier",
        "drugsrunner",
        "drugs",
        "hennepkwekerij",
        "hennep",
        "wietplantage",
        "geldezel",
        "katvanger",
    ),
    Form.OV: (
        "OV",
        "orgaanverwijdering",
        "gedwongen orgaanverwijdering",
        "orgaanhandel",
        "orgaan",
        "organen",
        "orgaandonatie",
        "nier",
    ),
}

#: Words that bring 112 in sight.
DANGER_WORDS = word_set(
    """
    gevaar levensgevaar noodgeval noodsituatie acuut acute geslagen slaat slaan mishandeld mishandelt bedreigt
    bedreigd mes pistool wapen vuurwapen schiet geschoten gestoken opgesloten ontvoerd verkracht vechten bloedt
    ambulance brandweer levensbedreigend gevar gefaar gevaarlijk gevaarlijke levensgevaarlijk vermoord vermoorden
    steekt neergestoken schieten schoten explosief bom brand bewusteloos zelfmoord gewond gewonde gegijzeld gijzeling
    ontvoering wurgt spoedgeval danger emergency pomocy
    """
)
_NO_DANGER = re.compile(r"\b(?:geen|niet in|niet|zonder)\s+(?:direct\w*\s+|acu\w+\s+)?(?:gevaar|acu\w+)")

#: Abbreviations that are Dutch words as well; in capitals they are meant.
AMBIGUOUS = frozenset({"om", "af"})
#: Words that fit every partner; they count only where nothing else is said.
GENERIC = word_set("mensenhandel uitbuiting uitgebuit signaal signalen twijfel")
#: A question of more words than this is read no further.
MOST_WORDS = 40


def words_of(text: str) -> list[str]:
    """The words of a text in small letters without accents, at most `MOST_WORDS`; "OM" in capitals stays "OM"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text[: MOST_WORDS * 40]) if not unicodedata.combining(c))
    shouting = plain.isupper() and len(plain.split()) > 1
    found = re.findall(r"[0-9A-Za-z]+", plain)[:MOST_WORDS]
    return [word if not shouting and word in _IN_CAPITALS else word.casefold() for word in found]


_IN_CAPITALS = frozenset(word.upper() for word in AMBIGUOUS)


def mentions_danger(text: str) -> bool:
    """Whether a question names danger to somebody, so that 112 must be in sight; "geen gevaar" does not."""
    plain = _NO_DANGER.sub(" ", " ".join(words_of(text)).casefold())
    return not DANGER_WORDS.isdisjoint(plain.split())
