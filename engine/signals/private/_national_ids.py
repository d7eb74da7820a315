"""National identity numbers: those whose form and check digits make false alarms rare."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from engine.signals.private._linear import Span, alone, places
from engine.signals.private._phones import Region


@dataclass(frozen=True)
class Form:
    """How an id is written. pattern: RE2, without groups. module: of `stdnum`, which checks it."""

    pattern: str
    module: str


WRITTEN = (
    Form(r"\d{3}-\d{2}-\d{4}", "us.ssn"),
    Form(r"(?i:[a-z]{6}[0-9l-np-v]{2}[a-ehlmprst][0-9l-np-v]{2}[a-z][0-9l-np-v]{3}[a-z])", "it.codicefiscale"),
    Form(r"(?i:[a-z]{4}\d{6}[hmx][a-z]{5}[0-9a-z]\d)", "mx.curp"),
    Form(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXx]", "cn.ric"),
    Form(r"[12] \d{2} \d{2} (?:\d{2}|2[ABab]) \d{3} \d{3} \d{2}", "fr.nir"),
    Form(r"[12]\d{2}(?:0[1-9]|1[0-2])(?:\d{2}|2[AB])\d{8}", "fr.nir"),
    Form(r"\d{8}-?[A-HJ-NP-TV-Z]", "es.dni"),
    Form(r"[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]", "es.nie"),
    Form(r"\d{6}[-+A]\d{3}[0-9A-FHJ-NPR-Y]", "fi.hetu"),
    Form(r"(?:\d{2})?\d{6}[-+]\d{4}", "se.personnummer"),
    Form(r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}", "be.nn"),
    Form(r"\d{3}\.\d{3}\.\d{3}-\d{2}", "br.cpf"),
    Form(r"\d{6}-[1-8]\d{6}", "kr.rrn"),
    Form(r"756\.\d{4}\.\d{4}\.\d{2}", "ch.ssn"),
    Form(r"\d{6}/\d{4}", "cz.rc"),
    Form(r"[1-8]-\d{4}-\d{5}-\d{2}-\d", "th.pin"),
)
"""Looked for everywhere: the form is seldom anything else. All but the first have check digits."""

AT_HOME: Mapping[Region, Form] = {
    "BE": Form(r"\d{11}", "be.nn"),
    "BG": Form(r"\d{10}", "bg.egn"),
    "BR": Form(r"\d{11}", "br.cpf"),
    "DE": Form(r"\d{11}|\d{2} \d{3} \d{3} \d{3}", "de.idnr"),
    "DK": Form(r"\d{6}-\d{4}", "dk.cpr"),
    "EE": Form(r"\d{11}", "ee.ik"),
    "GB": Form(r"\d{3}[ \-]\d{3}[ \-]\d{4}", "gb.nhs"),
    "GR": Form(r"\d{11}", "gr.amka"),
    "IN": Form(r"\d{4} \d{4} \d{4}", "in_.aadhaar"),
    "IS": Form(r"\d{6}-?\d{4}", "is_.kennitala"),
    "LT": Form(r"\d{11}", "lt.asmens"),
    "NO": Form(r"\d{11}|\d{6} \d{5}", "no.fodselsnummer"),
    "PL": Form(r"\d{11}", "pl.pesel"),
    "RO": Form(r"\d{13}", "ro.cnp"),
    "SI": Form(r"\d{13}", "si.emso"),
    "TR": Form(r"\d{11}", "tr.tckimlik"),
    "ZA": Form(r"\d{13}|\d{6} \d{4} \d{3}", "za.idnr"),
}
"""Looked for in the home region only: bare digits, of which one in ten to a thousand is right by chance."""


def national_ids(text: str, region: Region) -> list[Span]:
    """Where national ids stand in a text: those of `WRITTEN`, and of `AT_HOME` the one of the home region."""
    forms = (*WRITTEN, AT_HOME[region]) if region in AT_HOME else WRITTEN
    return [(s, e) for s, e in places(_any(forms), text) if alone(text, s, e) and _right(text[s:e], forms)]


@cache
def _any(forms: tuple[Form, ...]) -> str:
    """One pattern for all, the longest forms first: of two at one place the first is taken."""
    return r"\b(?:" + "|".join(form.pattern for form in forms) + r")\b"


def _right(written: str, forms: tuple[Form, ...]) -> bool:
    return any(re.fullmatch(form.pattern, written) and _checked(form.module, written) for form in forms)


def _checked(module: str, written: str) -> bool:
    checks = import_module(f"stdnum.{module}")
    if module == "cn.ric":
        # Its own check of the place of birth fails on places that its list of counties leaves out.
        return _chinese(written)
    return bool(checks.is_valid(written))


def _chinese(written: str) -> bool:
    from stdnum.cn import ric
    from stdnum.exceptions import ValidationError

    try:
        ric.get_birth_date(written)
    except ValidationError:
        return False
    return bool(ric.calc_check_digit(written[:-1]) == written[-1].upper())
