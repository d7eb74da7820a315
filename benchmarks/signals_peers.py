"""datatrove's rules on the rows of a file: each of its four filters on every text, and the four in a chain.

Run by the interpreter of an environment that has datatrove and spaCy: python signals_peers.py FILE ROWS; prints a line
of JSON.
"""

import json
import sys
import time

import pyarrow.parquet as pq


def main() -> None:
    from datatrove.data import Document
    from datatrove.pipeline.filters import (
        C4QualityFilter,
        FineWebQualityFilter,
        GopherQualityFilter,
        GopherRepetitionFilter,
    )

    texts = pq.read_table(sys.argv[1], columns=["text"])["text"].to_pylist()[: int(sys.argv[2])]
    filters = [GopherRepetitionFilter(), GopherQualityFilter(), C4QualityFilter(), FineWebQualityFilter()]

    def kept(text: str, rule: object) -> bool:
        return rule.filter(Document(text=text, id="0")) is True  # type: ignore[attr-defined]

    for rule in filters:
        kept(texts[0], rule)  # the tokeniser is loaded
    start = time.perf_counter()
    verdicts = [[kept(text, rule) for rule in filters] for text in texts]
    whole = time.perf_counter() - start
    start = time.perf_counter()
    for text in texts:
        for rule in filters:
            if not kept(text, rule):
                break
    print(json.dumps({"whole": whole, "chain": time.perf_counter() - start, "verdicts": verdicts}))


if __name__ == "__main__":
    main()
