"""The text of a row: a column, a template over several, a chat, or a pair of prompt and answer."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import orjson
import pyarrow as pa

from engine.errors import EngineError, unknown
from engine.registry import Json
from engine.text.column_values import python_values

Values = Mapping[str, pa.ChunkedArray]
"""Columns by key, all of the same rows."""

ViewKind = Literal["column", "template", "chat", "pair"]
ChatForm = Literal["", "openai", "sharegpt", "alpaca"]
Part = Literal["both", "prompt", "answer"]

_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_ROLES = {
    **dict.fromkeys(("user", "human", "prompter"), "user"),
    **dict.fromkeys(("assistant", "gpt", "chatgpt", "bing", "bard", "model", "bot"), "assistant"),
    **dict.fromkeys(("tool", "function", "observation", "function_call"), "tool"),
    "system": "system",
}
_ALPACA = ("instruction", "input", "output", "system")
_ANSWERS = ("output", "response", "answer", "completion", "target", "targets")
_PROMPTS = ("prompt", "question", "instruction", "query", "input", "inputs")


@dataclass(frozen=True)
class Turn:
    """One speech of a chat. role: system, user, assistant, tool, or what the source says."""

    role: str
    text: str


@dataclass(frozen=True)
class TextView:
    """What counts as the text of a row.

    columns: keys of the columns that it reads; for a pair, prompt and answer.
    fields: of an Alpaca chat, what each column is: instruction, input, output, system.
    part, share: of a pair; share is the fraction of the tokens that the prompt may take, 0 to 1.
    """

    kind: ViewKind = "column"
    columns: tuple[str, ...] = ()
    template: str = ""
    chat: ChatForm = ""
    part: Part = "both"
    share: float = 0.5
    fields: tuple[str, ...] = ()

    def json(self) -> dict[str, Json]:
        """The view as it stands in a record or a recipe."""
        return {
            "kind": self.kind,
            "columns": list(self.columns),
            "template": self.template,
            "chat": self.chat,
            "part": self.part,
            "share": self.share,
            "fields": list(self.fields),
        }

    def checked(self) -> "TextView":
        """The same view, or an `EngineError` for the first that does not fit."""
        if not 0 < self.share < 1:
            raise EngineError(f"The prompt's share of the tokens is {self.share}. Give a number between 0 and 1.")
        if self.kind == "template":
            of_template(self.template, self.columns)
        wanted = {"column": 1, "template": len(self.columns), "pair": 2, "chat": 1}[self.kind]
        if self.chat == "alpaca":
            wanted = len(self.fields)
        # A corpus without any text has a view of no column.
        if len(self.columns) != wanted and not (self.kind == "column" and not self.columns):
            raise EngineError(
                f"A text view of kind {self.kind!r} reads {wanted} columns, not {len(self.columns)}. Name each once."
            )
        return self

    def words(self) -> str:
        """The view in plain words."""
        shown = [repr(c) for c in self.columns if c]
        if self.kind == "template":
            return f"the template {self.template!r}"
        if self.kind == "chat":
            return f"the chat ({self.chat}) in {', '.join(shown)}"
        if self.kind == "pair":
            parts = {"prompt": f"the prompt {shown[0]}", "answer": f"the answer {shown[1]}"}
            return parts.get(
                self.part, f"prompt {shown[0]} and answer {shown[1]}, {self.share:.0%} of the tokens for the prompt"
            )
        return f"the column {shown[0]}" if shown else "no column yet"


def of_column(key: str) -> TextView:
    """One column is the text."""
    return TextView("column", (key,))


def of_template(template: str, known: Sequence[str]) -> TextView:
    """Several columns are the text, as in `{title}\\n\\n{body}`; two braces stand for one.

    Raises `NotFound` naming a column that is not there.

    >>> of_template("{title}: {body}", ["title", "body"]).columns
    ('title', 'body')
    """
    fields = [m.group(1) for m in _FIELD.finditer(template) if m.group(1) is not None]
    for field in fields:
        if field not in known:
            raise unknown("column", field, known)
    if not fields:
        raise EngineError(
            f"The template {template!r} names no column. Write for example {{{known[0] if known else 'text'}}}."
        )
    return TextView("template", tuple(dict.fromkeys(fields)), template)


def of_pair(prompt: str, answer: str, *, part: Part = "both", share: float = 0.5) -> TextView:
    """A prompt and its answer are the text, or one of them."""
    return TextView("pair", (prompt, answer), part=part, share=share).checked()


def render(view: TextView, values: Values, n: int) -> list[str]:
    """The text of n rows. Missing is the empty text; never raises for what a cell holds."""
    if view.kind == "column" and view.columns:
        return texts(values[view.columns[0]])
    if view.kind == "template":
        parts = {c: texts(values[c]) for c in view.columns}
        return [_FIELD.sub(lambda m, i=i: _field(m, parts, i), view.template) for i in range(n)]  # type: ignore[misc]
    if view.kind == "pair":
        prompts, answers = split(view, values, n)
        if view.part == "prompt":
            return prompts
        if view.part == "answer":
            return answers
        return ["\n\n".join(t for t in pair if t) for pair in zip(prompts, answers, strict=True)]
    if view.kind == "chat":
        return [shown(turns) for turns in turns(view, values, n)]
    return [""] * n


def split(view: TextView, values: Values, n: int) -> tuple[list[str], list[str]]:
    """Prompts and answers of n rows apart, so that an embedder can give each its share of the tokens.

    In a chat the last turn of the assistant is the answer. A view that is not a pair has empty answers.
    """
    if view.kind == "pair":
        return texts(values[view.columns[0]]), texts(values[view.columns[1]])
    if view.kind == "chat":
        prompts, answers = [], []
        for speech in turns(view, values, n):
            last = speech[-1] if speech and speech[-1].role == "assistant" else None
            prompts.append(shown(speech[:-1] if last else speech))
            answers.append(last.text if last else "")
        return prompts, answers
    return render(view, values, n), [""] * n


def turns(view: TextView, values: Values, n: int) -> list[list[Turn]]:
    """The chats of n rows, turn by turn. A pair is a user's turn and an assistant's; other text is one user's turn."""
    if view.kind == "chat" and view.chat == "alpaca":
        given = {f: texts(values[c]) for f, c in zip(view.fields, view.columns, strict=True)}
        columns = [given.get(f, [""] * n) for f in _ALPACA]
        return [_alpaca(*(column[i] for column in columns)) for i in range(n)]
    if view.kind == "chat":
        return [_speeches(v) for v in python_values(values[view.columns[0]])]
    if view.kind == "pair":
        return [
            [t for t in (Turn("user", prompt), Turn("assistant", answer)) if t.text]
            for prompt, answer in zip(*split(view, values, n), strict=True)
        ]
    return [[Turn("user", text)] if text else [] for text in render(view, values, n)]


def messages(view: TextView, values: Values, n: int) -> list[list[dict[str, object]]]:
    """The chats of n rows as OpenAI messages. Those that are such already keep all that their turns hold."""
    if view.kind == "chat" and view.chat == "openai":
        return [
            [_message(item, at) for at, item in enumerate(_items(v))] for v in python_values(values[view.columns[0]])
        ]
    return [[{"role": t.role, "content": t.text} for t in speech] for speech in turns(view, values, n)]


def shown(speech: Sequence[Turn]) -> str:
    """A chat as one text: `User: …`, an empty line, `Assistant: …`. A turn without text is left out."""
    return "\n\n".join(f"{t.role.capitalize()}: {t.text}" for t in speech if t.text)


def guess(columns: Sequence[tuple[str, str]], sample: Values) -> TextView:
    """The view that fits best, from (key, type) of the columns and some of their values.

    A chat that is recognised comes first, then a pair of prompt and answer, then the column with the longest texts that
    is not an id, an address of the web, or a name of few values. No column of text at all gives a view of no column.
    """
    for key, type_ in columns:
        # In delimited text a chat is a cell that begins as JSON does.
        cells = sample[key].drop_null().slice(0, 50) if type_ in ("json", "list", "text") else None
        form = chat_form(python_values(cells)) if cells else ""
        if form:
            return TextView("chat", (key,), chat=form)
    # What a column is called counts for little where it holds numbers, or nothing at all.
    lower = {key.lower(): key for key, type_ in reversed(columns) if type_ == "text"}
    answer = next((lower[a] for a in _ANSWERS if a in lower and _answers(a, texts(sample[lower[a]]))), "")
    if answer and "instruction" in lower:
        names = {"instruction": "instruction", "input": "input", "output": answer.lower(), "system": "system"}
        fields = tuple(f for f in _ALPACA if names[f] in lower)
        return TextView("chat", tuple(lower[names[f]] for f in fields), chat="alpaca", fields=fields)
    prompt = next((lower[p] for p in _PROMPTS if p in lower), "")
    if prompt and answer:
        return of_pair(prompt, answer)
    best, longest = "", 0.0
    for key, type_ in columns:
        # Of lists, those of texts; a vector is not a text.
        if type_ != "text" and not (type_ == "list" and str(sample[key].type).endswith("string>")):
            continue
        found = [t for t in texts(sample[key]) if t]
        if not found or (type_ == "text" and _is_id(key, found)) or _is_name(found):
            continue
        length = sum(map(len, found)) / len(found) * (1.5 if key.lower() in ("text", "content", "body") else 1.0)
        if length > longest:
            best, longest = key, length
    if not best:
        best = next((key for key, type_ in columns if type_ == "text"), "")
    return of_column(best) if best else TextView()


def chat_form(values: Sequence[object]) -> ChatForm:
    """Which form of chat most values of a column have, "" for none; those that hold nothing do not count."""
    found: list[ChatForm] = []
    for value in values:
        items = _items(value)
        if not items:
            found += [""] if value else []
            continue
        first = items[0] if isinstance(items[0], dict) else {}
        if "role" in first and "content" in first:
            found.append("openai")
        elif "from" in first and "value" in first:
            found.append("sharegpt")
        else:
            found.append("")
    return next((form for form in set(found) if 2 * found.count(form) > len(found)), "")


def texts(values: pa.ChunkedArray) -> list[str]:
    """Any column as text, missing as the empty text; lists joined by commas, nested values as JSON."""
    return [v if isinstance(v, str) else text_of(v) for v in python_values(values)]


def text_of(value: object) -> str:
    """One value as text; NaN is what some programs write for nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list) and not any(isinstance(v, dict | list) for v in value):
        return ", ".join(text_of(v) for v in value)
    if isinstance(value, dict | list):
        return orjson.dumps(value, default=str).decode()
    return str(value)


def _field(match: re.Match[str], parts: Mapping[str, list[str]], row: int) -> str:
    if match.group(1) is None:
        return match.group(0)[0]
    return parts[match.group(1)][row]


def _alpaca(instruction: str, more: str, output: str, system: str) -> list[Turn]:
    asked = "\n\n".join(t for t in (instruction, more) if t)
    return [t for t in (Turn("system", system), Turn("user", asked), Turn("assistant", output)) if t.text]


def _items(value: object) -> list[object]:
    """A nested value as a list; JSON text is read."""
    if isinstance(value, str):
        if not value.lstrip().startswith(("[", "{")):
            return []
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return []
    if isinstance(value, dict):
        value = value.get("messages") or value.get("conversations")
    return value if isinstance(value, list) else []


def _speeches(value: object) -> list[Turn]:
    found = []
    for item in _items(value):
        if isinstance(item, dict):
            role = str(item.get("role") or item.get("from") or "user")
            content = item.get("content") if item.get("content") is not None else item.get("value")
            found.append(Turn(_ROLES.get(role.lower(), role), _content(content)))
        else:
            found.append(Turn(("user", "assistant")[len(found) % 2], text_of(item)))
    return found


def _message(item: object, at: int) -> dict[str, object]:
    """A turn with all that it holds but what is missing; a plain text is said by user and assistant in turns."""
    if not isinstance(item, dict):
        return {"role": ("user", "assistant")[at % 2], "content": text_of(item)}
    role = str(item.get("role") or "user")
    # In Arrow every turn has every field; what is missing there was absent, but for content, which may be null.
    there = {k: v for k, v in item.items() if v is not None or k == "content"}
    return {**there, "role": _ROLES.get(role.lower(), role)}


def _content(content: object) -> str:
    """The text of a turn; of a list of parts, the parts that are text."""
    if isinstance(content, list):
        parts = [text_of(p.get("text")) if isinstance(p, dict) else text_of(p) for p in content]
        return "\n".join(p for p in parts if p)
    return text_of(content)


def _answers(name: str, values: Sequence[str]) -> bool:
    """Whether values are answers: there are some, and under a name that classes have too they are many."""
    found = [v for v in values if v]
    return bool(found) and not (name.startswith("target") and _is_name(found))


def _is_name(found: Sequence[str]) -> bool:
    """Whether values come again and again, as the names of classes do."""
    return len(found) >= 20 and len(set(found)) <= 0.2 * len(found)


def _is_id(key: str, found: Sequence[str]) -> bool:
    lone = sum(" " not in t.strip() for t in found)
    if lone == len(found) and key.lower() not in ("text", "content", "body"):
        # Scripts without spaces have long "words"; ids and addresses are ASCII.
        return all(t.isascii() for t in found)
    return key.lower() in ("id", "key", "uuid", "url", "path", "file") or key.lower().endswith("_id")
