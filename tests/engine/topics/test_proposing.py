import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from engine.building import build, spec
from engine.errors import EngineError
from engine.topics.proposing import Endpoint, endpoint, propose, questions, said_first
from tests.engine.small import circle, corpus, embedded

TEXTS = ["apple pie", "apple tree", "apple jam", "car race", "car wheel", "car door"]


class Model(BaseHTTPRequestHandler):
    """Answers as an endpoint does, and keeps what it was sent."""

    says: str = ""
    moved: str = ""
    got: list[tuple[str, str, dict]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.got.append((self.path, self.headers.get("Authorization", ""), body))
        self.send_response(302 if self.moved else 200)
        if self.moved:
            self.send_header("Location", self.moved)
        self.end_headers()
        self.wfile.write(json.dumps({"choices": [{"message": {"content": self.says}}]}).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def model(monkeypatch) -> Iterator[str]:
    monkeypatch.setattr(Model, "got", [])
    server = HTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


@pytest.fixture
def topics(tmp_path):
    data = embedded(corpus(tmp_path, {"text": TEXTS}), circle([0, 1, 2, 90, 91, 92]))
    data = build(data, {"graph@given": spec("graph", on="given")})
    return build(data, {"topics@given": spec("topics", "kmeans", {"topics": 2}, on="given")})


def test_names_are_asked_for_together_and_only_those_of_topics_come_back(topics, model, monkeypatch):
    monkeypatch.setattr(Model, "says", 'Sure!\n{"0": " Fruit\\nof trees ", "1": 7, "5": "Nobody"}')
    to = Endpoint(model, "small", "s3cret")
    asked = questions(topics, "topics@given", to.model)
    assert Model.got == []
    sent = asked[0].body.decode()
    said = f"1 request with {len(sent):,} characters go to {to.host}, to the model small: for 2 topics"
    assert said_first(asked, to).startswith(said)
    found = propose(asked, to)
    assert found.names == {0: "Fruit of trees"}
    assert found.failed == (f"{to.host} named 1 topics and left out 1.",)
    path, secret, body = Model.got[0]
    assert (path, secret, body) == ("/v1/chat/completions", "Bearer s3cret", json.loads(sent))
    groups = json.loads(body["messages"][1]["content"])
    assert {text for group in groups.values() for text in group["texts"]} == set(TEXTS)
    assert set(topics.topics("topics@given").names.values()) == {"apple", "car"}
    assert "s3cret" not in repr(to)


def test_texts_do_not_follow_a_redirect_and_a_silent_endpoint_is_said(topics, model, monkeypatch):
    monkeypatch.setattr(Model, "moved", model)
    asked = questions(topics, "topics@given", "small", topics=[1])
    assert asked[0].topics == (1,)
    to = Endpoint(model, "small")
    assert propose(asked, to).failed == (f"{to.host} gave no names: it answered 302 Found.",)
    assert len(Model.got) == 1
    monkeypatch.setattr(Model, "moved", "")
    monkeypatch.setattr(Model, "says", "I cannot.")
    assert propose(asked, to).failed == (f"{to.host} gave no names: the model's answer holds no JSON object.",)


def test_nothing_can_be_asked_unless_switched_on():
    assert endpoint({}) is None
    on = {"WINNOW_NAMES_URL": "http://localhost:1/v1/", "WINNOW_NAMES_MODEL": "m"}
    assert endpoint(on) == Endpoint("http://localhost:1/v1", "m")
    with pytest.raises(EngineError, match="both WINNOW_NAMES_URL and WINNOW_NAMES_MODEL"):
        endpoint({"WINNOW_NAMES_MODEL": "m"})
    for url in ("file:///etc/passwd", "http://u:p4ss@localhost/v1", "http://[bad", "http://@"):
        with pytest.raises(EngineError, match="no web address") as said:
            endpoint(on | {"WINNOW_NAMES_URL": url})
        assert "p4ss" not in str(said.value)


def test_a_key_is_never_said():
    on = {"WINNOW_NAMES_URL": "http://localhost:1/v1/", "WINNOW_NAMES_MODEL": "m"}
    assert endpoint(on | {"WINNOW_NAMES_KEY": "sk-1\r\n"}) == Endpoint("http://localhost:1/v1", "m", "sk-1")
    with pytest.raises(EngineError, match="signs that no key has") as said:
        endpoint(on | {"WINNOW_NAMES_KEY": "sk-1\nsk-2"})
    assert "sk-1" not in str(said.value)
