"""What the signals for instruction data find where the truth is known: faults of chats, likeness of answers.

Run by hand: `python -m benchmarks.instruction_truth DATA [--only NAME …] [--peers PYTHON]`. DATA is the folder of the
public sets; PYTHON the interpreter of an environment with rouge-score, without which its columns are empty. Prints
Markdown. Faults are planted here, with seeds, in rows of two sets that had none; t0-open has end marks of its own.
"""

import argparse
import json
import random
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from engine.signals.instructions._faults import marks, refusals, shares_again
from engine.signals.instructions._rouge import compared, rouge_l
from engine.signals.instructions.chat_faults import judged
from engine.signals.programs.python_code import python_code
from engine.text import Turn

ROWS = 300
# Written down after the rules were, and looked at once.
REFUSALS = (
    "I'm sorry, but I can't assist with that request.",
    "I apologize, but I cannot fulfill this request.",
    "As a language model, I don't have personal opinions.",
    "As an AI developed by a company, I have no access to real-time data.",
    "I'm afraid I can't do that.",
    "Unfortunately, I cannot provide medical advice.",
    "I cannot generate content of this kind.",
    "Sorry, I can't help with that.",
    "I'm just an AI, I don't have feelings.",
    "I am unable to browse the internet.",
    "My apologies, but I'm not able to answer that.",
    "I'm really sorry, but I'm unable to help you with this.",
    "It is not appropriate for me to write such a text.",
    "I must decline to answer this question.",
    "I won't write that.",
    "Sorry, as an AI language model I can not draw pictures.",
    "I do not have access to your files.",
    "I don't have enough information to answer that question.",
    "As an artificial intelligence, I can't taste food.",
    "I can't provide instructions for that.",
    "I'm not able to open links.",
    "I would rather not answer this.",
    "This request goes against my guidelines.",
    "I will not help with anything illegal.",
)
END_MARKS = (
    "</s>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<end_of_turn>", "\n### Instruction:", "\n### Response:",
    " [/INST]", "<|user|>", "<s>", "<｜end▁of▁sentence｜>", "<eos>", "\n\nHuman:", "<EOT>", "### End",
)  # fmt: skip


def pairs(data: Path) -> dict[str, list[tuple[str, str]]]:
    """Prompts with their answers, in an order of chance."""
    sets = {}
    for name, file, question, answer in (
        ("dolly-3k", "dolly-3k/dolly_3k.parquet", "instruction", "output"),
        ("gpteacher, roleplay", "gpteacher/roleplay.parquet", "instruction", "response"),
        ("gpteacher, code", "gpteacher/codegen.parquet", "instruction", "response"),
    ):
        table = pq.read_table(data / file).to_pydict()
        rows = [(q, a) for q, a in zip(table[question], table[answer], strict=True) if q and a]
        random.Random(7).shuffle(rows)
        sets[name] = rows
    return sets


def faults(data: Path, peers: str) -> None:
    """Faults planted in chats of two turns, and what is said of the rows as they are."""
    rng = random.Random(1)

    def empty(q: str, a: str) -> list[Turn]:
        return chat(q, "  ") if rng.random() < 0.5 else chat("", a)

    def swapped(q: str, a: str) -> list[Turn]:
        return [Turn("assistant", a), Turn("user", q)] if rng.random() < 0.5 else [*chat(q, a), Turn("assistant", a)]

    planted: dict[str, tuple[str, float, Callable[[str, str], list[Turn]]]] = {
        "roles out of order": ("chat_order_faults", 0, swapped),
        "an empty turn": ("chat_empty_turns", 0, empty),
        "no answer": ("chat_no_answer", 0, lambda q, a: [Turn("user", q)]),
        "a refusal for an answer": ("chat_refusals", 0, lambda q, a: chat(q, rng.choice(REFUSALS))),
        "the question, then the answer": ("chat_question_again", 0.8, lambda q, a: chat(q, f"{q} {a}")),
        "the question for an answer": ("chat_question_again", 0.8, lambda q, a: chat(q, q.upper())),
        "an end mark in the answer": ("chat_end_marks", 0, lambda q, a: chat(q, a + rng.choice(END_MARKS))),
    }
    print("\n| set | planted | rows each way | found | said of rows as they are | precision |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, rows in pairs(data).items():
        plain = judged([chat(q, a) for q, a in rows[ROWS : 2 * ROWS]])
        for says, (value, above, plant) in planted.items():
            made = [v > above for v in judged([plant(q, a) for q, a in rows[:ROWS]])[value]]
            false = [v > above for v in plain[value]]
            precision = sum(made) / max(1, sum(made) + sum(false))
            print(f"| {name} | {says} | {ROWS} | {np.mean(made):.1%} | {sum(false)} | {precision:.1%} |")
    print("\nRefusals that are not known:", [text for text in REFUSALS if not refusals(text)])
    print("Marks that are not known:", [mark for mark in END_MARKS if not marks(f"An answer.{mark}")])
    said = pq.read_table(data / "t0-open/train.parquet")["completion"].to_pylist()
    ended = [text for text in said if text.endswith("<|endoftext|>")]
    print(
        f"\nt0-open: {len(ended):,} of {len(said):,} answers end in a mark; {sum(map(bool, map(marks, said))):,} found"
    )
    bare = [text.removesuffix("<|endoftext|>") for text in said]
    print(f"without it {sum(map(bool, map(marks, bare)))} have one")
    for name, rows in pairs(data).items():
        told = [a for _, a in rows if refusals(a)]
        shares = shares_again([q for q, _ in rows], [a for _, a in rows])
        again = [pair for pair, share in zip(rows, shares, strict=True) if share > 0.8]
        marked = [a for _, a in rows if marks(a)]
        print(
            f"\n{name}, all {len(rows):,}: {len(told)} refuse, {len(again)} say the question, {len(marked)} have marks"
        )
        print("\n".join(f"- refuses: {a[:90]!r}" for a in told[:12]))
        print("\n".join(f"- again: {q[:60]!r} → {a[:80]!r}" for q, a in again[:12]))
        print("\n".join(f"- marks: {[a[s:e] for s, e in marks(a)][:4]}" for a in marked[:12]))


def chat(question: str, answer: str) -> list[Turn]:
    """Two turns."""
    return [Turn("user", question), Turn("assistant", answer)]


def answers(data: Path, peers: str) -> None:
    """Which of three answers is no answer, by agreement; beside rouge-score."""
    sets = pairs(data)
    table = pq.read_table(data / "onestop/onestop.parquet").to_pydict()
    levels: dict[str, list[str]] = {}
    for article, text in zip(table["article"], table["text"], strict=True):
        levels.setdefault(article, []).append(text)
    rng = random.Random(3)
    told, cases = 0, 0
    names = [name for name, texts in levels.items() if len(texts) == 3]
    for name in names:
        stranger = rng.choice(levels[rng.choice([other for other in names if other != name])])
        for _ in range(2):
            three = [*rng.sample(levels[name], 2), stranger]
            order = rng.sample(range(3), 3)
            said = compared([three[i] for i in order])
            means = [np.mean([rouge_l(one, other) for other in said if other is not one]) for one in said]
            told += order[int(np.argmin(means))] == 2
            cases += 1
    print(f"\nOf two levels of an article and another article, the stranger agrees least: {told} of {cases}")
    rows = [pair for some in sets.values() for pair in some[:700]]
    begun = time.process_time()
    words = [compared([pair[side] for pair in rows]) for side in (0, 1)]
    ours = [rouge_l(q, a) for q, a in zip(*words, strict=True)]
    seconds = time.process_time() - begun
    print(
        f"{len(rows) / seconds:,.0f} pairs a second, {np.mean([len(a.split()) for _, a in rows]):.0f} words an answer"
    )
    if peers:
        code = (
            "import json,sys,time;from rouge_score import rouge_scorer;s=rouge_scorer.RougeScorer(['rougeL']);"
            "r=json.load(open(sys.argv[1]));t=time.process_time();"
            "f=[s.score(a,b)['rougeL'].fmeasure for a,b in r];"
            "json.dump([f,time.process_time()-t],open(sys.argv[2],'w'))"
        )
        with tempfile.TemporaryDirectory() as folder:
            given, answer = Path(folder) / "rows.json", Path(folder) / "answer.json"
            given.write_text(json.dumps(rows))
            subprocess.run([peers, "-c", code, given, answer], check=True)
            theirs, took = json.loads(answer.read_text())
        apart = np.abs(np.array(ours) - theirs)
        plain = np.array([not re.search("[^\x00-\x7f]|_", q + a) for q, a in rows])
        print(f"rouge-score: {len(rows) / took:,.0f} a second; {(apart > 1e-6).sum()} of {len(rows)} differ, up to "
              f"{apart.max():.3f}; of {plain.sum()} in ASCII without _ {(apart[plain] > 1e-6).sum()}")  # fmt: skip


def programs(data: Path, peers: str) -> None:
    """Answers with code by the language that was asked for; then Python that was damaged."""
    table = pq.read_table(data / "gpteacher/codegen.parquet").to_pydict()
    rows = list(zip(table["instruction"], table["response"], strict=True))
    print("\n| asked for | answers | parse as Python | with undefined names | with unused imports |")
    print("| --- | --- | --- | --- | --- |")
    python: list[str] = []
    for name in ("python", "javascript", "java", "c++", "sql", "html"):
        pattern = re.compile(rf"(?<![\w]){re.escape(name)}(?![\w+])", re.I)
        texts = [answer for asked, answer in rows if pattern.search(asked)]
        found = python_code(texts)
        whole = found["python_parses"] == 1
        if name == "python":
            python = [text for text, fits in zip(texts, whole, strict=True) if fits]
            python = [text for text in python if len(text.split("\n")) > 3]
            wrong = [text for text, fits in zip(texts, whole, strict=True) if not fits]
        cells = [(found[f"python_{kind}"] > 0)[whole].sum() for kind in ("undefined_names", "unused_imports")]
        print(f"| {name} | {len(texts)} | {whole.mean():.1%} | {cells[0]} | {cells[1]} |")
    print("\nOf those asked for in Python that do not parse:")
    print("\n".join(f"- {text[:100]!r}" for text in wrong[:15]))
    rng = random.Random(9)

    def without(signs: str) -> Callable[[str], str]:
        def plant(text: str) -> str:
            places = [i for i, sign in enumerate(text) if sign in signs]
            return text[: (at := rng.choice(places))] + text[at + 1 :] if places else ""

        return plant

    def indented(text: str) -> str:
        lines = text.split("\n")
        at = rng.choice([i for i, line in enumerate(lines) if line.strip()])
        return "\n".join([*lines[:at], f"   {lines[at]}", *lines[at + 1 :]])

    def misspelt(text: str) -> str:
        names = [m for m in re.finditer(r"\b[a-z_]{3,}\b(?=\()", text) if not text[: m.start()].endswith(("def ", "."))]
        return text[: (m := rng.choice(names)).end()] + "x" + text[m.end() :] if names else ""

    def imported(text: str) -> str:
        return f"import string as zq\n{text}"

    kinds = {
        "a bracket is gone": (without("()[]{}"), lambda v: v["python_parses"] < 1),
        "a colon is gone": (without(":"), lambda v: v["python_parses"] < 1),
        "a quotation mark is gone": (without("\"'"), lambda v: v["python_parses"] < 1),
        "a line is indented": (indented, lambda v: v["python_parses"] < 1),
        "cut in the middle": (lambda t: t[: len(t) // 2], lambda v: v["python_parses"] < 1),
        "a called name is misspelt": (misspelt, lambda v: v["python_undefined_names"] > 0),
        "an import too many": (imported, lambda v: v["python_unused_imports"] > 0),
    }
    plain = python_code(python)
    print("\n| damage | rows each way | found | said of rows as they are |\n| --- | --- | --- | --- |")
    for says, (plant, told) in kinds.items():
        both = [(text, made) for text in python if (made := plant(text))][:400]
        false = told(python_code([text for text, _ in both])).mean()
        print(f"| {says} | {len(both)} | {told(python_code([made for _, made in both])).mean():.1%} | {false:.1%} |")
    odd = [text for text, n in zip(python, plain["python_undefined_names"], strict=True) if n]
    print(f"\nUndefined names in {len(odd)} of {len(python)} that were not damaged:")
    print("\n".join(f"- {text[:150]!r}" for text in odd[:12]))
    begun = time.process_time()
    python_code(python)
    print(f"\n{len(python) / (time.process_time() - begun):,.0f} a second")


PARTS = {f.__name__: f for f in (faults, answers, programs)}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--peers", default="")
    asked = parser.parse_args()
    for part in asked.only:
        print(f"\n## {part}", flush=True)
        PARTS[part](asked.data, asked.peers)
