"""The table by which patterns are judged: what each read in labelled texts, alone and beside the others."""

from dataclasses import astuple

from dialogs.domain.criteria import parse_criteria
from tests.benchmarks.pattern_table import rows
from tests.benchmarks.recognition import Labelled
from tests.dialogs.domain.test_criteria import ENTRY, file
from tests.dialogs.domain.test_recognition import KNOWN


def text(words: str, *criteria: str) -> Labelled:
    return Labelled("1", words, frozenset(criteria), frozenset(), None, False)


def test_each_pattern_is_counted_by_itself_and_where_nothing_else_suggests_the_criterion():
    one = ENTRY.format(key="one", forms="SU") + "    recognise: [kluis, bril]\n    hints: [tas, jas sok]\n"
    criteria = parse_criteria(file(one))
    texts = {
        "first": [text("De kluis is dicht.", "one"), text("De tas, de jas en de sok.", "one"), text("Geen tas.")],
        "second": [text("De tas is weg."), text("De kluis en de bril."), text("De jas en de sok.", "one")],
    }

    table = [astuple(row)[2:] for row in rows(criteria, ["one"], KNOWN, texts)]

    assert table == [
        # hint, pattern, right, wrong, alone right, alone wrong, where it was right
        (False, "kluis", 1, 1, 1, 0, ("first",)),
        (False, "bril", 0, 1, 0, 0, ()),
        (True, "tas", 1, 1, 0, 1, ("first",)),
        (True, "jas sok", 2, 0, 1, 0, ("first", "second")),
    ]
