"""What goes wrong in single turns: refusals, marks that a template left in, answers that say the question again."""

import re

import pyarrow as pa

from engine.text import normalised, readable

# Refusals stand at the beginning, or begin with what a model says of itself.
_BEGIN = 200
_READ = 200_000
"""Characters of a question and of an answer that are compared."""
_SELF = r"an? (?:AI|artificial intelligence|(?i:(?:large )?language model))\b"
_CANNOT = r"can(?:['’]t|not| not)|won['’]t|will not|(?:not |un)able to|must (?:decline|refuse)(?: to)?"
_DO_THAT = (
    r"provid|assist|help (?:you|with)|fulfil|comply|complet|generat|creat|writ|answer|discuss|support|engag|access|"
    r"brows|process|do (?:that|this)|give (?:you )?(?:advice|instructions)|offer|share|participat|promot"
)
_REFUSALS = re.compile(
    rf"\b[Aa]s {_SELF}(?! (?:researcher|engineer|developer|expert))|\bI(?:['’]m| am) (?:just |only )?{_SELF}"
    r"|\bI(?:['’]m| am)(?: (?:very|so|really))? (?:sorry|afraid),?(?: but)?(?: as [^.\n]{1,60},)?(?: that)? "
    rf"I(?:['’]m| am)? (?:{_CANNOT}|(?:do|am|could|would)(?:n['’]t| not))"
    r"|(?:^|[.!\n] {0,2})(?:(?:Sorry|Unfortunately|Apologies|I apologi[sz]e),? (?:but )?)?I(?:['’]m| am)? (?:really )?"
    rf"(?:{_CANNOT}|(?:do not|don['’]t) feel comfortable|am not (?:comfortable|permitted|allowed)) (?:{_DO_THAT})"
)

MARKS = re.compile(
    r"<\|[A-Za-z][\w ]{0,30}\|>|</?s>|<(?:bos|eos|pad|unk)>|<(?:start|end)_of_turn>|<<\s?/?SYS\s?>>|\[/?INST\]"
    r"|<｜[^｜\n]{1,30}｜>|(?m:^#{2,3} ?(?:Response|Instruction|Input|Output|Human|Assistant|User|System) ?:)"
)


def refusals(text: str) -> list[tuple[int, int]]:
    """Where the beginning of an answer refuses or speaks of itself as a model: (start, end) in characters."""
    found = []
    for match in _REFUSALS.finditer(text, 0, _BEGIN):
        said = match.group()
        bare = said.lstrip(".!\n ")
        found.append((match.end() - len(bare), match.end()))
    return found


def marks(text: str) -> list[tuple[int, int]]:
    """Where a turn holds what separates turns for a model; struck-out HTML, <s> with its </s>, is none."""
    found = [match.span() for match in MARKS.finditer(text)]
    said = [text[start:end] for start, end in found]
    if said.count("<s>") == said.count("</s>") > 0 and not text.lstrip().startswith("<s>"):
        return [span for span, mark in zip(found, said, strict=True) if mark not in ("<s>", "</s>")]
    return found


def shares_again(questions: list[str], answers: list[str], run: int = 4) -> list[float]:
    """The share of each question's runs of words that its answer says again, 0 to 1; a shorter question is one run.

    >>> shares_again(["What is the capital of France?"] * 2, ["What is the capital of France? Paris.", "Paris."])
    [1.0, 0.0]
    """
    read = pa.array([readable(text[:_READ]) for text in (*questions, *answers)], pa.large_string())
    words = [tuple(said.split()) for said in normalised(read).to_pylist()]
    both = zip(words[: len(questions)], words[len(questions) :], strict=True)
    return [_share_again(asked, said, min(run, len(asked))) for asked, said in both]


def _share_again(asked: tuple[str, ...], said: tuple[str, ...], run: int) -> float:
    if not run:
        return 0.0
    runs = {asked[i : i + run] for i in range(len(asked) - run + 1)}
    return len(runs.intersection(said[i : i + run] for i in range(len(said) - run + 1))) / len(runs)
