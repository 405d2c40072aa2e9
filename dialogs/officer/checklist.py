"""Whom the officer calls, in order, each with the number that works now."""

from datetime import datetime

from dialogs.domain.case_file import CaseFile
from dialogs.domain.criteria import Form
from dialogs.domain.routing import RouteToken
from dialogs.knowledge import Knowledge
from dialogs.lookup import look_up
from dialogs.turn import Element, Line, Style

#: Which entry of the directory a step of the route stands for. The AF is the reader; RIEC is only added by hand.
PARTNER_OF = {
    RouteToken.EMERGENCY: "112",
    RouteToken.AVIM: "avim",
    RouteToken.NLA: "nla",
    RouteToken.ZOCO: "zoco",
    RouteToken.VT: "veilig_thuis",
    RouteToken.RIEC: "riec",
}


def whom_to_call(case: CaseFile, knowledge: Knowledge, now: datetime) -> list[Element]:
    """The route as steps in order, each with the number that works now."""
    texts, assessment = knowledge.texts, case.signal.assessment
    steps: list[Element] = [Line(texts("case.route"), Style.HEADING)]
    for number, token in enumerate((t for t in assessment.route if t in PARTNER_OF), start=1):
        contact = look_up(knowledge.directory, PARTNER_OF[token], now).contacts[0]
        partner = knowledge.directory[PARTNER_OF[token]]
        steps.append(
            Line(
                texts(
                    "case.step",
                    number=number,
                    partner=partner.name,
                    via=contact.partner.name,
                    phone=contact.number or texts("case.no_number"),
                    reason=contact.reason,
                )
            )
        )
    if assessment.forms[:1] == (Form.AU,) and RouteToken.AVIM not in assessment.route:
        # Until the municipality confirms the AU row of the route table, AVIM is shown as somebody to consult.
        avim = look_up(knowledge.directory, PARTNER_OF[RouteToken.AVIM], now).contacts[0]
        steps.append(Line(texts("case.consult", phone=avim.number or texts("case.no_number"))))
    return steps if len(steps) > 1 else [*steps, Line(texts("case.route_none"))]
