"""Secrets: forms of issuers, names that tell what they hold, and what stands where a secret would."""

import base64
import json

import pytest

from engine.signals.private._secrets import bits
from engine.signals.private._secrets import secrets as places
from engine.signals.private.secrets import secrets

# Put together here, so that no scanner takes this file for a leak.
RANDOM = "k7Qm2Zx9" "Lw4Tb8Rv" "3Np6Yc1H"  # fmt: skip
AMAZON, GITHUB = "AKIA" + "Z7Q2MX4KJ3WP5LTN", "ghp_" + RANDOM + "s5Dg0Fj7Ue2A"
BLOCK = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"
HEADER = base64.urlsafe_b64encode(json.dumps({"alg": "HS256"}).encode()).decode().rstrip("=")


def found(text: str, least: float = 2.7) -> list[str]:
    return [text[start:end] for start, end in places(text, least)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"key {AMAZON} and {GITHUB}", [AMAZON, GITHUB]),
        ("key AKIAXXXXXXXXXXXXXXXX, AKIAIOSFODNN7EXAMPLE", []),
        (f"{HEADER}.eyJzdWIiOiIxMjM0NTY3ODkwIn0.{RANDOM}", [f"{HEADER}.eyJzdWIiOiIxMjM0NTY3ODkwIn0.{RANDOM}"]),
        (f"eyJnotJsonAtAll.eyJnotJsonEither.{RANDOM}", []),
        (f"{BLOCK}.", [BLOCK]),
        ("-----BEGIN PRIVATE KEY-----\ncut", ["-----BEGIN PRIVATE KEY-----"]),
        ("-----BEGIN PUBLIC KEY-----\nMIIE\n-----END PUBLIC KEY-----", []),
        ("postgres://app:s3cr7Pw9@db.firm.org/x https://firm.org:8443/a@b", ["s3cr7Pw9"]),
        (f'password = "{RANDOM}"', [RANDOM]),
        (f"api-key: {RANDOM}\n", [RANDOM]),
        (f"export DB_PASSWORD='{RANDOM}'", [RANDOM]),
        (f'{{"client_secret": "{RANDOM}"}}', [RANDOM]),
        (f"Authorization: Bearer {RANDOM}", [RANDOM]),
        ("The password is Dragon_7x!", ["Dragon_7x!"]),
        ("password = os.environ['PW1'] token: ${TOKEN_3} api_key=<YOUR_KEY_1>", []),
        ("token = tokenizer.next_token2, password: string, pwd = load(path1)", []),
        (f"sha256: {'0123456789abcdef' * 4}", []),
    ],
)  # fmt: skip
def test_a_secret_is_known_by_its_form_or_by_its_name(text, words):
    assert found(text) == words


def test_a_higher_threshold_leaves_what_people_make_up():
    text = f"password = 'aa11aa11' secret = '{RANDOM}'"
    assert bits("aa11aa11") == 1.0
    assert found(text, 0.0) == ["aa11aa11", RANDOM]
    assert found(text, 4.0) == [RANDOM]


def test_places_that_overlap_count_once():
    assert found(f"api_key: {GITHUB}") == [GITHUB]
    assert secrets([f"api_key: {GITHUB}", "", "\ud800"])["secrets"].tolist() == [1, 0, 0]


@pytest.mark.parametrize("unit", ["a", "password = ", "-----BEGIN KEY", "eyJ", "a://b:c", "日本"])
def test_a_long_text_of_one_thing_is_no_secret(unit):
    assert secrets([unit * 20_000])["secrets"].tolist() == [0]


def test_a_token_whose_header_nests_endlessly_is_none_and_breaks_nothing():
    head = base64.urlsafe_b64encode(b'{"a":' + b"[" * 100_000).decode().rstrip("=")
    assert secrets([f"see {head}.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"])
