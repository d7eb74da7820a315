"""The peers' side of `benchmarks.private_truth`: runs in an environment of its own that has the peers.

    PYTHON benchmarks/private_peers.py JOB.json

Imports nothing of Winnow. A job names a Parquet file with the column `text` and a peer; the last line printed is JSON:
seconds of processor time, and for each text the places that were found, as [start, end, kind].
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

Place = tuple[int, int, str]


def presidio() -> Callable[[str], list[Place]]:
    """Presidio's recognisers that are patterns with a check, each as it comes; no model of language."""
    from presidio_analyzer import predefined_recognizers as known

    made = (
        (known.EmailRecognizer(), "EMAIL_ADDRESS", "emails"),
        (known.PhoneRecognizer(), "PHONE_NUMBER", "phones"),
        (known.IpRecognizer(), "IP_ADDRESS", "ip_addresses"),
        (known.CreditCardRecognizer(), "CREDIT_CARD", "cards"),
        (known.IbanRecognizer(), "IBAN_CODE", "ibans"),
        (known.UsSsnRecognizer(), "US_SSN", "national_ids"),
    )

    def find(text: str) -> list[Place]:
        return [
            (result.start, result.end, kind)
            for recogniser, entity, kind in made
            for result in recogniser.analyze(text, [entity], None)
        ]

    return find


def scrubadub() -> Callable[[str], list[Place]]:
    """scrubadub's detectors for these kinds that need no model."""
    import scrubadub as peer

    kinds = {"email": "emails", "phone": "phones", "credit_card": "cards", "social_security_number": "national_ids"}
    scrubber = peer.Scrubber(locale="en_US")

    def find(text: str) -> list[Place]:
        return [(f.beg, f.end, kinds[f.type]) for f in scrubber.iter_filth(text) if f.type in kinds]

    return find


def detect_secrets() -> Callable[[str], list[Place]]:
    """detect-secrets with its default plug-ins and filters, each text a file. It tells lines, not places in them."""
    import tempfile

    from detect_secrets import SecretsCollection
    from detect_secrets.settings import default_settings

    file = Path(tempfile.mkdtemp()) / "text.txt"

    def find(text: str) -> list[Place]:
        file.write_text(text)
        found = SecretsCollection()
        with default_settings():
            found.scan_file(str(file))
        return [(0, 0, secret.type) for _, secret in found]

    return find


PEERS = {"detect_secrets": detect_secrets, "presidio": presidio, "scrubadub": scrubadub}


def main() -> None:
    job = json.loads(Path(sys.argv[1]).read_text())
    texts = pq.read_table(job["file"])["text"].to_pylist()
    find = PEERS[job["peer"]]()
    find(" ".join(texts[:3]))
    begun = time.process_time()
    found = [find(text) for text in texts]
    print(json.dumps({"seconds": time.process_time() - begun, "found": found}))


if __name__ == "__main__":
    main()
