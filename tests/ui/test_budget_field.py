"""A budget as a person types it."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from engine.recipe import SELECTORS
    from ui.widgets import form

    st.text(str(form.fields(SELECTORS["random"], None, "pick", {"budget": {"amount": 2000}})["budget"]))


def test_a_budget_is_typed_with_commas_and_with_its_unit_and_what_is_none_is_said_beside_it() -> None:
    page = AppTest.from_function(script).run()

    def typed(text: str) -> tuple[str, str, str]:
        page.text_input(key="pick/random/budget").set_value(text)
        page.run()
        assert not page.exception and not page.warning
        said = page.error[0].value if page.error else page.text[0].value
        return page.text_input[0].value, page.selectbox[0].value, said

    assert page.text_input[0].value == "2,000"
    assert typed("10,000") == ("10,000", "rows", "{'amount': 10000.0, 'unit': 'rows'}")
    assert typed("10 %") == ("10", "percent", "{'amount': 10.0, 'unit': 'percent'}")
    assert typed("1e6 tokens") == ("1,000,000", "tokens", "{'amount': 1000000.0, 'unit': 'tokens'}")
    assert typed("5e5") == ("500,000", "tokens", "{'amount': 500000.0, 'unit': 'tokens'}")
    assert "keeps nothing" in typed("")[2] and "keeps nothing" in typed("0")[2]
    assert "keeps nothing" in typed("-0")[2] and "two ways" in typed("2,5 %")[2]
    assert "cannot be" in typed("-5")[2]
    assert "whole number" in typed("2.5 rows")[2]
    assert page.text[0].value == "{'amount': 0.0, 'unit': 'tokens'}"
