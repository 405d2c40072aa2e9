"""Dutch numerals written out, as one word: drieëntwintig, honderdveertig, zeventienduizend."""

from collections.abc import Mapping
from types import MappingProxyType

# fmt: off
_SMALL = (
    "", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf", "dertien",
    "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien",
)
# fmt: on
_TENS = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")


def _numerals() -> dict[str, float]:
    """Make the words for 1 to 1,999 and for whole thousands up to 99,000, plain: without a trema."""
    below: dict[str, float] = {word: value for value, word in enumerate(_SMALL) if word}
    for tens, word in enumerate(_TENS, start=2):
        below[word] = 10 * tens
        below.update({f"{unit}en{word}": 10 * tens + value for value, unit in enumerate(_SMALL[:10]) if unit})
    found = dict(below)
    for value, prefix in enumerate(_SMALL):
        hundred = ("" if value <= 1 else prefix) + "honderd"
        found[hundred] = 100.0 * max(value, 1)
        found.update({hundred + word: found[hundred] + rest for word, rest in below.items()})
    found["duizend"] = 1000.0
    found.update({f"{word}duizend": 1000.0 * value for word, value in below.items()})
    return found


#: Plain word -> its value.
NUMERALS: Mapping[str, float] = MappingProxyType(_numerals())
