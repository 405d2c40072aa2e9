import pytest

from dialogs.domain.criteria import Form
from dialogs.domain.routing import RouteToken, in_order, partners_for


@pytest.mark.parametrize(
    ("form", "criteria", "minor", "partners"),
    [
        pytest.param(Form.SU, set[str](), False, {"AVIM", "ZOCO"}, id="SU"),
        pytest.param(Form.CU, set[str](), False, {"AVIM", "ZOCO"}, id="CU"),
        pytest.param(Form.OV, set[str](), None, {"AVIM", "ZOCO"}, id="OV"),
        pytest.param(Form.AU, {"low_no_pay"}, False, {"NLA", "ZOCO"}, id="AU"),
        pytest.param(Form.AU, {"violence"}, False, {"NLA", "ZOCO", "AVIM"}, id="AU with violence"),
        pytest.param(Form.AU, {"confined_watched"}, None, {"NLA", "ZOCO", "AVIM"}, id="AU with confinement"),
        pytest.param(Form.AU, set[str](), True, {"NLA", "ZOCO", "AVIM"}, id="AU with a minor"),
        pytest.param(None, set[str](), None, {"AVIM", "ZOCO"}, id="no form known"),
    ],
)
def test_the_partners_follow_the_form(form: Form | None, criteria: set[str], minor: bool | None, partners: set[str]):
    assert {token.value for token in partners_for(form, criteria, minor=minor)} == partners


def test_a_route_has_one_order():
    assert [token.value for token in in_order(set(RouteToken))] == ["112", "AF", "AVIM", "NLA", "ZOCO", "VT", "RIEC"]
