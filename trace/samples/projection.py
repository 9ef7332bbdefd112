"""What rows of samples hold, by their records."""

from __future__ import annotations

from suyuan.trace.batches.projection import amount_said
from suyuan.trace.batches.tables import Batch
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.projections import Column, Projection, first, name_of, newest, said_by
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.samples.records import SAMPLE, SAMPLE_STEP
from suyuan.trace.samples.tables import Sample, SampleStep


def _unit(said: dict[str, str]) -> str:
    return said["unit"]


SAMPLES = Projection(
    Sample,
    Sample.uid,
    SAMPLE,
    names=said_by("sample"),
    references=(Sample.record_id,),
    later=(SAMPLE_STEP,),
    columns=(
        Column("number", Sample.number, first("number")),
        Column("kind", Sample.kind, first("kind")),
        Column("batch_id", name_of(Batch.trace_code, Sample.batch_id), first("trace_code")),
        Column("taken_by_id", name_of(Party.uid, Sample.taken_by_id), first("taken_by")),
        Column("taken_on", Sample.taken_on, first("taken_on")),
        Column("site_id", name_of(Site.uid, Sample.site_id), first("site")),
        Column("place", Sample.place, first("place", absent="")),
        Column("base", Sample.base, first("base", read=amount_said)),
        Column("base_unit", Sample.base_unit, first("base", read=_unit)),
        Column("quantity", Sample.quantity, first("quantity", read=amount_said)),
        Column("unit", Sample.unit, first("quantity", read=_unit)),
        Column("reserve", Sample.reserve, first("reserve", read=amount_said)),
        Column("reserve_unit", Sample.reserve_unit, first("reserve", read=_unit)),
        Column("seal", Sample.seal, newest("seal", absent="")),
        Column("samplers", Sample.samplers, first("samplers", absent=[])),
        Column("present", Sample.present, first("present", absent=[])),
        Column("note", Sample.note, first("note", absent="")),
        Column("evidence_id", name_of(EvidenceFile.uid, Sample.evidence_id), first("evidence")),
        Column("at", Sample.at, first("at")),
    ),
)

STEPS = Projection(
    SampleStep,
    SampleStep.uid,
    SAMPLE_STEP,
    names=said_by("step"),
    references=(SampleStep.record_id,),
    columns=(
        Column("sample_id", name_of(Sample.uid, SampleStep.sample_id), first("sample")),
        Column("kind", SampleStep.kind, first("kind")),
        Column("portion", SampleStep.portion, first("portion")),
        Column("on_day", SampleStep.on, first("on")),
        Column("by_party_id", name_of(Party.uid, SampleStep.by_party_id), first("told_by")),
        Column("person_uid", SampleStep.person_uid, first("typed_by")),
        Column(
            "to_party_id", name_of(Party.uid, SampleStep.to_party_id), first("laboratory_party")
        ),
        Column("laboratory", SampleStep.laboratory, first("laboratory", absent="")),
        Column("seal", SampleStep.seal, first("seal", absent="")),
        Column("intact", SampleStep.intact, first("intact")),
        Column("keep_until", SampleStep.keep_until, first("keep_until")),
        Column("note", SampleStep.note, first("note", absent="")),
        Column("at", SampleStep.at, first("at")),
    ),
)

PROJECTIONS = (SAMPLES, STEPS)
