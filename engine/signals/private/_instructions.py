"""Where a text speaks to the language model that reads it, and not to people."""

import base64
import binascii
import re

from engine.signals.private._linear import Span, places
from engine.text import readable

_WHAT = (
    r"(?:instructions?|prompts?|rules|directions|directives|commands|orders|guidelines|guidance|context|conversation"
    r"|messages?|programming|training|constraints|policies|everything)"
)
_EARLIER = (
    r"(?:previous(?:ly)?|prior|above|earlier|preceding|foregoing|following|past|initial|original|existing|former)"
)
_ALL = r"(?:(?:all|any|every|each|of|the|your|my|these|those|this|that|other|and|or|such|given|system) ){0,5}"
_MODEL = (
    r"(?:an? |the )?(?:AI|A\.I\.|LLM|chat ?bot|language model|assistant|GPT(?:-\d\w*)?|ChatGPT|Claude|Gemini|Bard)\b"
)

_RULES = (
    # to forget what it was told
    rf"\b(?:ignor|disregard|forget|overrid|bypass|discard|neglect|overlook|skip)(?:e|es|ed|ing)? {_ALL}"
    rf"(?:{_EARLIER}(?:,? (?:and|or|and/or|&) {_EARLIER})? )(?:{_EARLIER} )?(?:\w+ )?{_WHAT}\b",
    rf"\b(?:ignore|disregard|forget|override|discard) {_ALL}{_WHAT} "
    r"(?:(?:that )?(?:you|I|we)(?:'ve| have| were| had)? (?:been )?(?:got|given|gave|told|received|said|learned)"
    r"|(?:provided |given |stated |written )?(?:above|below|before|so far|earlier|previously|until now))\b",
    rf"\b(?:ignore|disregard|forget) {_ALL}instructions\b",
    r"\b(?:new|updated|real|actual|revised) (?:system )?(?:instructions?|prompt|directive)\b ?:",
    # to be somebody without rules
    r"\byou (?:are|will be|'re) (?:now )?(?:going to|about to|to) "
    r"(?:act|pretend|play|simulate|role-?play|behave|respond)\b",
    rf"\b(?:act|acting|behave|respond|answer|reply|pretend) (?:to be |as |like )(?:if you (?:are|were) )?"
    rf"(?:{_MODEL}|(?:an? |the )?(?:unfiltered|unrestricted|uncensored|amoral|evil|jailbroken)\b)",
    r"\bfrom now on,? (?:you|your)\b|\bstay in (?:character|role)\b|\bbreak(?:ing)? (?:of )?character\b",
    r"\b(?:developer|debug|god|DAN|jailbreak|sudo|admin|unrestricted) mode (?:enabled|on|activated|output)\b",
    r"\bdo anything now\b|(?-i:\bDAN\b.{0,40}\b(?:[Mm]ode|would|can|stands for|[Jj]ailbreak)\b)"
    r"|\bjail ?broken?\b.{0,20}\b(?:mode|AI|model)\b",
    # to break rules
    r"\b(?:have|has|having|with) (?:no|absolutely no) (?:\w+ )?(?:filters|censorship|guardrails|ethical|moral)\b",
    r"\b(?:without|free (?:of|from)|have no|has no) (?:any |all )?(?:ethical|moral|content|safety) (?:\w+ )?"
    r"(?:filters?|restrictions?|guidelines|limitations|constraints)\b",
    r"\btypical confines of\b|\b(?:not|n't|never) (?:have to )?(?:abide by|comply with|follow|adhere to|bound by) "
    r"(?:the |any |all )?(?:\w+ )?(?:rules|policy|policies|guidelines|restrictions|norms) (?:set|imposed|of Open ?AI)",
    r"\b(?:not|n't|violates?|against) (?:comply with |follow )?(?:the )?(?:\w+ )?Open ?AI(?:'s)? (?:\w+ )?"
    r"(?:policy|policies|guidelines?|rules?)\b",
    r"\b(?:none of )?your (?:responses|answers|replies) should (?:not |never )?"
    r"(?:contain|include|inform|say|mention|refuse)\b",
    r"\byou (?:must |should |will |can )?(?:never|cannot|can't|won't|not) (?:ever )?refuse\b"
    r"|\b(?:never|don't|do not) (?:ever )?(?:remind me|warn me|tell me) (?:that|about) (?:something|it|this|you)\b",
    r"\byou (?:must|should|will|can) (?:always )?(?:obey|comply with|follow) (?:me|all|any|every|my)\b",
    # to tell what it should not
    r"\b(?:reveal|print|show|repeat|output|display|leak|tell me|give me|what (?:is|are|were)) (?:me )?"
    r"(?:all |exactly )?(?:your|the) (?:\w+ )?(?:system|initial|hidden|secret|original|internal|previous) "
    r"(?:prompt|instructions?|message|rules)\b",
    # to be an order of the chat's owner
    r"<\|(?:im_start|im_end|system|user|assistant|start_header_id|eot_id)\|>|\[/?INST\]|<</?SYS>>|<\|?/?system\|?>",
    r"(?m)^[\t\x20]{0,8}(?:#{1,4} ?)?\[?(?:system|developer)(?: (?:prompt|message|override|note))?\]? ?:(?:\s|$)",
    # where nobody sees it
    r"[\x{E0020}-\x{E007F}]{12,}",
)
# A line may end between two words.
_ANY = "(?i)" + "|".join(f"(?:{rule})" for rule in _RULES).replace(" ", r"(?:\s{1,3})")
_BASE64 = r"[A-Za-z0-9+/]{40,}={0,2}"
_LONGEST = 20_000
_LETTERS = 0.9
"""Share of plain signs from which on what Base64 holds is text."""
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


def instructions(text: str) -> list[Span]:
    """Where orders to a language model stand in a text, in order; Base64 that holds some is one place.

    Zero-width signs between letters are passed over.
    """
    if _UNSEEN.search(text):
        seen = [i for i, sign in enumerate(text) if not _UNSEEN.match(sign)]
        return [(seen[s], seen[e - 1] + 1) for s, e in instructions("".join(text[i] for i in seen))]
    text = readable(text)
    found = list(places(_ANY, text))
    found += (span for span in places(_BASE64, text) if _holds_orders(text[slice(*span)][:_LONGEST]))
    return sorted(found)


def _holds_orders(written: str) -> bool:
    try:
        inside = base64.b64decode(written[: len(written) // 4 * 4]).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    plain = sum(sign.isprintable() or sign.isspace() for sign in inside) / max(1, len(inside))
    return plain >= _LETTERS and any(True for _ in places(_ANY, inside))
