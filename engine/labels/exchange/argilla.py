"""Records for Argilla, and the responses that it exports: the JSON of `dataset.records.to_json` and `from_json`."""

from collections.abc import Mapping, Sequence

from engine.labels.exchange._said import Answer, Read, Task, Unfit, each_of, moment_of, name_of
from engine.labels.exchange.label_studio import MODEL, NAME, TEXT, only
from engine.registry import Json

DONE = "submitted"


def argilla_records(tasks: Sequence[Task]) -> list[Json]:
    """The tasks as records with one text field, the row's key as `id` and the suggested label as a suggestion."""
    return [
        {
            "id": task.key,
            "fields": {TEXT: task.text},
            "metadata": {"given_label": task.label} if task.label else {},
            "suggestions": {NAME: {"value": task.suggested, "score": task.sure, "agent": MODEL}}
            if task.suggested
            else {},
            "responses": {},
            "vectors": {},
        }
        for task in tasks
    ]


def is_record(record: Mapping[str, object]) -> bool:
    """Whether it is a record as Argilla writes it."""
    return isinstance(record.get("fields"), dict) and "responses" in record


def answers_of_record(record: Mapping[str, object]) -> Read:
    """The labels of one record, drafts and responses thrown away left out; raises `Unfit` for what is no record."""
    key, responses = name_of(record.get("id"), "row key"), record.get("responses")
    said = responses.get(NAME, []) if isinstance(responses, dict) else None
    if not isinstance(said, list):
        raise Unfit("its responses are no lists of objects by question")

    def one(said: object) -> Answer | None:
        if not isinstance(said, dict):
            raise Unfit("its responses are no lists of objects by question")
        value = said.get("value")
        if said.get("status", DONE) != DONE or value is None:
            return None
        who = "" if said.get("user_id") is None else name_of(said["user_id"], "annotator").strip()
        when = moment_of(said.get("updated_at") or said.get("inserted_at") or "")
        return Answer(key, only(value if isinstance(value, list) else [value]), who, when)

    return each_of(said or [{"status": "none"}], one)
