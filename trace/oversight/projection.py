"""What rows of opened personal fields hold, by their records."""

from __future__ import annotations

from suyuan.trace.log.projections import Column, Projection, name_of, newest
from suyuan.trace.oversight.records import DISCLOSURE
from suyuan.trace.parties.tables import Disclosure, Party, Person

DISCLOSURES = Projection(
    Disclosure,
    Disclosure.record_id,
    DISCLOSURE,
    names=lambda _said: None,
    called=False,
    references=(Disclosure.record_id,),
    columns=(
        Column("trace_code", Disclosure.trace_code, newest("trace_code")),
        Column("person_id", name_of(Person.uid, Disclosure.person_id), newest("person")),
        Column("party_id", name_of(Party.uid, Disclosure.party_id), newest("party")),
        Column("reason", Disclosure.reason, newest("reason")),
        Column("at", Disclosure.at, newest("at")),
        Column("until", Disclosure.until, newest("until")),
    ),
)
PROJECTIONS = (DISCLOSURES,)
