"""Personal data: what each kind's own rules say of numbers and addresses, and what only looks like one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from engine.signals.private._national_ids import AT_HOME, WRITTEN
from engine.signals.private._personal import KINDS, personal
from engine.signals.private._phones import Region
from engine.signals.private.personal_data import ABOUT, personal_data


def found(text: str, region: Region = "any") -> list[tuple[str, str]]:
    """What is found in a text: the words, and their kind."""
    return [(text[start:end], kind) for start, end, kind in personal(text, frozenset(KINDS), region)]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Write to ann.b+x@firm.co.uk, please", "emails", ["ann.b+x@firm.co.uk"]),
        ("<jürgen@müller.de>; 'bo@firm.se'.", "emails", ["jürgen@müller.de", "bo@firm.se"]),
        ("joe (at) firm (dot) org or jo[at]firm.org", "emails", ["joe (at) firm (dot) org", "jo[at]firm.org"]),
        ("a@example.com b@host.example c@localhost.test", "emails", []),
        ("git clone ssh://me@host.org/x and git@forge.org:me/x.git", "emails", []),
        ("logo@2x.png getty@tty1.service @property react@16.8.0", "emails", []),
        ("mailto:?to=ann@firm.org https://firm.org/?mail=bo@firm.org", "emails", ["ann@firm.org", "bo@firm.org"]),
        # Of the three addresses that datatrove's test of its mask names, the first is public, the others are not.
        ("163.36.107.25, 172.16.0.9, 108.0.0.01", "ip_addresses", ["163.36.107.25"]),
        ("2001:4860:4860::8888 fe80::1 ::1 12:30:45", "ip_addresses", ["2001:4860:4860::8888"]),
        ("v1.22.33.44, version 141.22.33.44, pkg-141.22.33.44, 141.22.33.44.5", "ip_addresses", []),
        ("203.97.2.0/24, 192.168.1.1, 127.0.0.1, 10.1.2.3, 255.255.255.255", "ip_addresses", []),
        ("1.2.3.4 Results; the server 1.2.3.4", "ip_addresses", ["1.2.3.4"]),
        ("std::string dead::beef a::b 00:1b:44:11:3a:b7", "ip_addresses", []),
        ("card 4111 1111 1111 1111 or 378282246310005", "cards", ["4111 1111 1111 1111", "378282246310005"]),
        ("4111111111111112, 1234567812345670, x4111111111111111, 4111111111111111.5", "cards", []),
        ("GB82 WEST 1234 5698 7654 32 and more", "ibans", ["GB82 WEST 1234 5698 7654 32"]),
        ("de89370400440532013000.", "ibans", ["de89370400440532013000"]),
        ("GB82 WEST 1234 5698 7654 33", "ibans", []),
        ("SSN 078-05-1121; not 000-12-3456, not 666-12-3456", "national_ids", ["078-05-1121"]),
        ("RSSMRA85T10A562S; RSSMRA85T10A562T", "national_ids", ["RSSMRA85T10A562S"]),
        ("12345678Z, 12345678A, 2012-12345678Z", "national_ids", ["12345678Z"]),
        ("131052-308T, 131052-308U", "national_ids", ["131052-308T"]),
        ("390.533.447-05, 390.533.447-06", "national_ids", ["390.533.447-05"]),
        ("+44 20 7946 0958 and +1 (212) 555-0123", "phones", ["+44 20 7946 0958", "+1 (212) 555-0123"]),
        ("Phone: 9469 9966; fax 05 63 37 41 22", "phones", ["9469 9966", "05 63 37 41 22"]),
        ("(719-440-1050), 202-456-1111", "phones", ["719-440-1050", "202-456-1111"]),
        ("2012-11-10 10:20, 1992-1996, 12/11/2012, RFC 6020/7950, 40.761194, ISBN 0-201-07981-2", "phones", []),
        ("221B Baker Street, Flat 2", "street_addresses", ["221B Baker Street, Flat 2"]),
        ("at 8 W Gulf Blvd, Tampa, FL 33706 now", "street_addresses", ["8 W Gulf Blvd, Tampa, FL 33706"]),
        ("Hauptstraße 12a, 10115 Berlin", "street_addresses", ["Hauptstraße 12a, 10115 Berlin"]),
        ("10 rue de la Paix; Via Garibaldi 3", "street_addresses", ["10 rue de la Paix", "Via Garibaldi 3"]),
        ("PO Box 242, Unit 3906 Box 2810", "street_addresses", ["PO Box 242", "Unit 3906 Box 2810"]),
        ("1980 Mount St. Helens, Spring 2008, 8 Flash Drive, Bowtie 2", "street_addresses", []),
    ],
)
def test_a_kind_finds_what_its_rules_allow_and_leaves_what_only_looks_like_it(text, kind, words):
    assert [said for said, what in found(text) if what == kind] == words


def test_each_kind_is_a_value_and_their_sum_is_one():
    values = personal_data(["Mail a@b.org or c@d.org, call 212-555-0123.", "", "None of it."])
    assert {name: array.tolist() for name, array in values.items()} == {
        "personal_data": [3, 0, 0],
        "emails": [2, 0, 0],
        "phones": [1, 0, 0],
        **{kind: [0, 0, 0] for kind in KINDS if kind not in ("emails", "phones")},
    }
    assert all(array.dtype == np.int64 for array in values.values())


def test_a_kind_that_is_not_looked_for_gives_no_value_and_no_place():
    text = "a@b.org 4111111111111111"
    values = personal_data([text], emails=False)
    assert "emails" not in values and values["personal_data"].tolist() == [1]
    off = dict.fromkeys(KINDS, False) | {"emails": True}
    assert ABOUT.spans is not None and ABOUT.spans([text], region="any", **off) == [[(0, 7)]]


def test_numbers_without_a_country_are_judged_by_the_home_region():
    text = "Im Büro 030 901820"
    assert [found(text, region) for region in ("US", "none")] == [[], []]
    assert found(text, "DE") == [("030 901820", "phones")]
    # An id of bare digits counts at home only: of random numbers one in fifty would.
    assert found("44051401359", "PL") == [("44051401359", "national_ids")]
    assert found("44051401359") == []


def test_a_place_that_two_kinds_claim_counts_once_for_the_surer_one():
    # The digits in the account number would be a telephone number by the word before.
    assert found("phone GB82 WEST 1234 5698 7654 32") == [("GB82 WEST 1234 5698 7654 32", "ibans")]
    assert found("call 4111 1111 1111 1111") == [("4111 1111 1111 1111", "cards")]


def test_half_characters_and_scripts_move_no_place():
    text = "\ud800日本 👩‍👩‍👧 e\u0301 a@b.org"
    assert found(text) == [("a@b.org", "emails")]


@given(st.integers(400_000_000_000_000, 499_999_999_999_999))
def test_of_ten_last_digits_luhn_lets_one_pass(body: int) -> None:
    numbers = [f"{body}{digit}" for digit in range(10)]
    assert [n for n in numbers if found(n) == [(n, "cards")]] == [f"{body}{luhn.calc_check_digit(str(body))}"]


def test_every_id_is_checked_by_a_module_that_is_there():
    from importlib import import_module

    for form in (*WRITTEN, *AT_HOME.values()):
        assert callable(import_module(f"stdnum.{form.module}").is_valid)


@pytest.mark.parametrize("unit", ["1", "1.", "1-", "a@", ":a", "A ", "12 34 567 890\n", "Rue de la "])
def test_a_long_text_of_one_thing_is_no_personal_data(unit):
    assert personal_data([unit * 20_000])["personal_data"].tolist() == [0]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("call me: 0049 30 901820 ok", "DE"),
        ("It is 0044 20 7946 0018 there", "DE"),
        ("try 011 44 20 7031 3000 now", "US"),
    ],
)
def test_a_number_that_begins_as_one_dials_abroad_is_a_telephone_number(text, region):
    assert [kind for _, kind in found(text, region)] == ["phones"]


def test_groups_that_are_no_numbers_do_not_use_up_what_may_be_asked():
    assert ("(415) 671-2345", "phones") in found("2024 05 06 1000; " * 250 + " or (415) 671-2345 then")
