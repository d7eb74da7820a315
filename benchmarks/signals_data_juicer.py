"""Data-Juicer's filters of text on the rows of a file: what each counts, one filter after the other, on one core.

Run by the interpreter of an environment that has py-data-juicer: python signals_data_juicer.py FILE ROWS; prints a line
of JSON.
"""

import json
import sys
import time

import pyarrow.parquet as pq

BATCH = 1000
"""Rows at a time, as Data-Juicer itself takes them."""


def main() -> None:
    from data_juicer.ops.filter.alphanumeric_filter import AlphanumericFilter
    from data_juicer.ops.filter.average_line_length_filter import AverageLineLengthFilter
    from data_juicer.ops.filter.character_repetition_filter import CharacterRepetitionFilter
    from data_juicer.ops.filter.maximum_line_length_filter import MaximumLineLengthFilter
    from data_juicer.ops.filter.special_characters_filter import SpecialCharactersFilter
    from data_juicer.ops.filter.text_length_filter import TextLengthFilter
    from data_juicer.ops.filter.word_repetition_filter import WordRepetitionFilter
    from data_juicer.ops.filter.words_num_filter import WordsNumFilter
    from data_juicer.utils.constant import Fields

    texts = pq.read_table(sys.argv[1], columns=["text"])["text"].to_pylist()[: int(sys.argv[2])]
    kinds = (
        AlphanumericFilter, AverageLineLengthFilter, CharacterRepetitionFilter, MaximumLineLengthFilter,
        SpecialCharactersFilter, TextLengthFilter, WordRepetitionFilter, WordsNumFilter,
    )  # fmt: skip
    filters = [kind() for kind in kinds]

    def counted(some: list[str]) -> dict[str, list[object]]:
        samples: dict[str, list[object]] = {"text": list(some), Fields.stats: [{} for _ in some]}
        for one in filters:
            samples = one.compute_stats_batched(samples)
        return samples

    counted(texts[:10])
    start = time.perf_counter()
    values = 0
    for at in range(0, len(texts), BATCH):
        values = len(counted(texts[at : at + BATCH])[Fields.stats][0])  # type: ignore[arg-type]
    print(json.dumps({"seconds": time.perf_counter() - start, "filters": len(filters), "values": values}))


if __name__ == "__main__":
    main()
