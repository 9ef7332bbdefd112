"""The forms of samples: the sheet, and a step of its chain."""

from __future__ import annotations

import re
from datetime import date

from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Fault, InvalidInput
from suyuan.trace.quantities import Quantity
from suyuan.trace.samples.facts import SampleFacts, StepFacts
from suyuan.trace.samples.kinds import sampling_kinds
from suyuan.web.desk.forms.typed import Typed

_BETWEEN = re.compile(r"[\n,，、;；]+")


def read_sample(typed: Typed) -> SampleFacts:
    """A sampling sheet. Raises Doubtful."""
    facts = SampleFacts(
        trace_code=_code(typed),
        kind=typed.one_of("kind", tuple(sampling_kinds())),
        number=typed.text("number", most=80, required=True),
        taken_on=typed.day("taken_on", required=True) or date.min,
        samplers=_names(typed, "samplers"),
        quantity=typed.quantity("quantity", required=True) or Quantity.of(0, "KGM"),
        base=typed.quantity("base"),
        reserve=typed.quantity("reserve"),
        seal=typed.text("seal", most=80),
        present=_names(typed, "present"),
        site=typed.text("site", most=26) or None,
        place=typed.text("place"),
        note=typed.text("note", most=500),
    )
    typed.finish()
    return facts


def read_step(typed: Typed, kind: str, portion: str) -> StepFacts:
    """The next step of a sample. Raises Doubtful."""
    asked = {"yes": True, "no": False}
    facts = StepFacts(
        kind=kind,
        portion=portion,
        on=typed.day("on", required=True) or date.min,
        seal=typed.text("seal", most=80, required=kind == "sealed"),
        to=typed.text("to", most=26) or None,
        to_name=typed.text("to_name"),
        intact=asked.get(typed.one_of("intact", asked, required=kind == "received")),
        keep_until=typed.day("keep_until"),
        note=typed.text("note", most=500),
    )
    typed.finish()
    return facts


def _names(typed: Typed, name: str) -> tuple[str, ...]:
    text = typed.text(name, most=1000)
    return tuple(one.strip() for one in _BETWEEN.split(text) if one.strip())


def _code(typed: Typed) -> str:
    text = typed.text("batch", most=40, required=True)
    try:
        return parse_trace_code(text) if text else ""
    except InvalidInput as error:
        typed.note(Fault("batch", error.message, tuple(error.params.items())))
        return ""
