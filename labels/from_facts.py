"""From the facts of a print run to labels: the one place where the two sides' words meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any, BinaryIO

from suyuan.labels.errors import MissingItem
from suyuan.labels.layout import lay_out
from suyuan.labels.model import (
    Bilingual,
    BilingualOrder,
    CodeWords,
    LabelContent,
    LabelItem,
    NutritionPanel,
    Template,
)
from suyuan.labels.output import DPI, Output, label_picture, require_sound, write_run
from suyuan.labels.templates import template
from suyuan.trace.printing.content import IssuedLabel, LabelFacts, NutritionFacts, Said
from suyuan.trace.printing.weighing import NET_CONTENT
from suyuan.trace.products.label_items import BESIDE_THE_CODE, PANEL, label_item_names


def try_out(template_id: str, facts: LabelFacts, label: IssuedLabel) -> None:
    """Lay one label out, for the act that issues a run.

    :raises NotFound: for an unknown template.
    :raises InvalidInput: naming what is missing, is not declared, or does not fit.
    """
    chosen = template(template_id)
    for content in label_contents(chosen, facts, (label,)):
        lay_out(chosen, content, DPI)


def try_on(output: Output) -> Callable[[str, LabelFacts, IssuedLabel], None]:
    """As ``try_out``, on the paper and for the printer that a run is to be drawn for."""

    def tried(template_id: str, facts: LabelFacts, label: IssuedLabel) -> None:
        chosen = template(template_id)
        require_sound(chosen, output)
        for content in label_contents(chosen, facts, (label,)):
            lay_out(chosen, content, output.dpi)

    return tried


def label_contents(
    chosen: Template, facts: LabelFacts, labels: Iterable[IssuedLabel]
) -> Iterator[LabelContent]:
    """What each label of a run says: the facts that all share, and its own code."""
    in_bulk = chosen.kind == "bulk"
    demanded = facts.bulk if in_bulk else facts
    items = tuple(
        LabelItem(item.key, _bilingual(item.heading), _bilingual(item.text), float(item.least_mm))
        for item in (*facts.items, *(facts.bulk.items if in_bulk else ()))
    )
    panel = _panel(facts.nutrition) if facts.nutrition else None
    order, words = BilingualOrder(facts.first, float(facts.bo_to_zh)), _code_words()
    for number, label in enumerate(labels):
        if label.net_content is not None:
            _require_net_content(chosen)
        yield LabelContent(
            items=items if label.net_content is None else _weighed(items, label.net_content),
            url=label.url,
            trace_code=label.trace_code,
            serial=label.serial,
            complaint_phone=facts.complaint_phone,
            mandatory=demanded.mandatory,
            edition=demanded.edition,
            elements=facts.carton.elements_of(number) if facts.carton else (),
            nutrition=panel,
            order=order,
            declares_items_on_pack=facts.items_on_pack,
            blank=facts.blank,
            words=words,
            pin=label.pin,
        )


def _weighed(items: tuple[LabelItem, ...], net: str) -> tuple[LabelItem, ...]:
    """The items of a package that has a net content of its own."""
    return tuple(
        replace(item, text=Bilingual(net)) if item.key == NET_CONTENT else item for item in items
    )


def _require_net_content(chosen: Template) -> None:
    """Raises MissingItem where a label has no place for the net content of its package."""
    placed = {key for zone in chosen.zones for key in zone.items}
    if not placed & {NET_CONTENT, "*"}:
        raise MissingItem(
            "Each package has a net content of its own, and the label {template} has no place for "
            "it: choose a larger label.",
            item=NET_CONTENT,
            template=chosen.id,
        )


def write_labels(
    template_id: str,
    facts: LabelFacts,
    labels: Iterable[IssuedLabel],
    out: BinaryIO,
    output: Output = Output(),  # noqa: B008 - frozen
) -> int:
    """Write a run in the form of ``output``; returns how many labels.

    :raises NotFound: for an unknown template.
    :raises InvalidInput: naming what cannot be printed.
    """
    chosen = template(template_id)
    return write_run(chosen, label_contents(chosen, facts, labels), output, out)


def draw_picture(template_id: str, facts: LabelFacts, label: IssuedLabel, output: Output) -> bytes:
    """One label as a PNG for the printer of ``output``; raises as ``write_labels``."""
    chosen = template(template_id)
    return label_picture(chosen, next(label_contents(chosen, facts, (label,))), output)


def draw_job(
    template_id: str,
    facts: LabelFacts,
    labels: Iterable[IssuedLabel],
    output: Mapping[str, Any],
    out: BinaryIO,
) -> int:
    """As ``write_labels``, for a print job: ``output`` are the fields of an ``Output``.

    Written as it is drawn: a job's file that is not whole is thrown away.
    """
    chosen = template(template_id)
    contents = label_contents(chosen, facts, labels)
    return write_run(chosen, contents, Output(**output), out, straight=True)


def try_output(output: Output) -> Callable[[str, LabelFacts, IssuedLabel], None]:
    """As ``try_out``, for the printer that a run is to be drawn for."""

    def tried(template_id: str, facts: LabelFacts, label: IssuedLabel) -> None:
        write_labels(template_id, facts, (label,), BytesIO(), output)

    return tried


def _panel(facts: NutritionFacts) -> NutritionPanel:
    title = label_item_names()[PANEL].zh
    return NutritionPanel(title, ("项目", f"每{facts.per}", "NRV%"), facts.rows, facts.note)


def _code_words() -> CodeWords:
    trace_code, complaint, pin = (Bilingual(label_item_names()[key].zh) for key in BESIDE_THE_CODE)
    return CodeWords(trace_code=trace_code, complaint=complaint, pin=pin)


def _bilingual(said: Said) -> Bilingual:
    return Bilingual(said.zh, said.bo)
