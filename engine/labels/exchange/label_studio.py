"""Tasks for Label Studio, and the annotations that it exports.

Out goes its basic JSON: a list of tasks with `data` and, where a model has a guess, `predictions`. In come its exports
"JSON" (tasks with `annotations`) and "JSON-MIN" (one object an annotation).
"""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

from engine.errors import EngineError
from engine.labels.exchange._said import KEY, Answer, Read, Task, Unfit, each_of, moment_of, name_of
from engine.registry import Json

NAME, TEXT = "label", "text"
MODEL = "winnow"


def label_studio_tasks(tasks: Sequence[Task]) -> list[Json]:
    """The tasks as Label Studio imports them. The given label goes along as data, the suggested one as a prediction."""
    return [_task(task) for task in tasks]


def label_studio_config(labels: Sequence[str]) -> str:
    """The labelling interface that fits the tasks: one label a text, of these.

    >>> print(label_studio_config(["a & b"]))
    <View>
      <Text name="text" value="$text"/>
      <Choices name="label" toName="text" choice="single">
        <Choice value="a &amp; b"/>
      </Choices>
    </View>
    """
    if not labels:
        raise EngineError("There is no label to choose from. Name at least two.")
    choices = "\n".join(f"    <Choice value={quoteattr(label)}/>" for label in labels)
    return (
        f'<View>\n  <Text name="{TEXT}" value="${TEXT}"/>\n'
        f'  <Choices name="{NAME}" toName="{TEXT}" choice="single">\n{choices}\n  </Choices>\n</View>'
    )


def _task(task: Task) -> Json:
    data: dict[str, Json] = {TEXT: task.text, KEY: task.key}
    if task.label:
        data["given_label"] = task.label
    if not task.suggested:
        return {"data": data}
    result: Json = {"from_name": NAME, "to_name": TEXT, "type": "choices", "value": {"choices": [task.suggested]}}
    prediction: dict[str, Json] = {"model_version": MODEL, "result": [result]}
    if task.sure is not None:
        prediction["score"] = task.sure
    return {"data": data, "predictions": [prediction]}


def is_task(record: Mapping[str, object]) -> bool:
    """Whether it is a task of the full export, which has what people said in a list of its own."""
    return isinstance(record.get("data"), dict) and "annotations" in record


def answers_of_task(record: Mapping[str, object]) -> Read:
    """The labels of one task; raises `Unfit` for what is no task."""
    data, annotations = record.get("data"), record.get("annotations")
    if not isinstance(data, dict):
        raise Unfit("it is no task: it has no data")
    if not isinstance(annotations, list):
        raise Unfit("its annotations are no list of objects")
    key = key_of(data)

    def one(said: object) -> Answer | None:
        if not isinstance(said, dict):
            raise Unfit("its annotations are no list of objects")
        chosen = [] if said.get("was_cancelled") else _choices(said.get("result"))
        return Answer(key, only(chosen), _who(said.get("completed_by")), _when(said)) if chosen else None

    return each_of(annotations or [{"was_cancelled": True}], one)


def answer_of_least(record: Mapping[str, object]) -> Answer | None:
    """The label of one object of the small export, None for one that was skipped; raises `Unfit`."""
    key = key_of(record)
    said = record.get(NAME)
    if said is None or said == "":
        return None
    if isinstance(said, dict):  # several choices
        said = said.get("choices")
    return Answer(key, only(said if isinstance(said, list) else [said]), _who(record.get("annotator")), _when(record))


def key_of(data: Mapping[str, object]) -> str:
    """The row that it is about."""
    if KEY not in data:
        raise Unfit(f"it does not say which row it is: its data has no {KEY!r}")
    return name_of(data[KEY], "row key")


def only(chosen: Sequence[object]) -> str:
    """The one label that was chosen."""
    if len(chosen) != 1:
        raise Unfit(f"it has {len(chosen)} labels where one is taken")
    if not (label := name_of(chosen[0], "label")).strip():
        raise Unfit("its label is empty")
    return label


def _choices(result: object) -> list[object]:
    if not isinstance(result, list):
        raise Unfit("its result is no list")
    found: list[object] = []
    others: list[str] = []
    for one in result:
        if not isinstance(one, dict) or one.get("type") not in (None, "choices"):
            continue
        if one.get("from_name") != NAME:
            others.append(str(one.get("from_name"))[:40])
            continue
        value = one.get("value")
        chosen = value.get("choices") if isinstance(value, dict) else None
        if not isinstance(chosen, list):
            raise Unfit("its result has no list of choices")
        found += chosen
    if others and not found:
        raise Unfit(f"its labels stand under {others[0]!r}; they are read under {NAME!r}")
    return found


def _who(value: object) -> str:
    """A person: their number, or their address where the file has it."""
    if isinstance(value, dict):
        value = value.get("email") or value.get("id")
    return "" if value is None else name_of(value, "annotator").strip()


def _when(record: Mapping[str, object]) -> str:
    return moment_of(record.get("updated_at") or record.get("created_at") or "")
