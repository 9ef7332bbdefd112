"""The table of cartons: the SSCCs that were given out with a run of carton labels."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.database import Base, Id
from suyuan.trace.log.tables import said_in
from suyuan.trace.printing.tables import PrintRun


class CartonRun(Base):
    """The cartons of a run, whose SSCCs begin with the 17 digits from ``first`` to ``last``.

    ``packages`` is how many packages each of them holds.
    """

    __tablename__ = "carton_run"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    print_run_id: Mapped[int] = mapped_column(sa.ForeignKey("print_run.id"), index=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    company_prefix: Mapped[str] = mapped_column(sa.String(10), index=True)
    first: Mapped[str] = mapped_column(sa.String(17), unique=True)
    last: Mapped[str] = mapped_column(sa.String(17), unique=True)
    packages: Mapped[int]
    record_id: Mapped[str] = mapped_column(said_in())

    run: Mapped[PrintRun] = relationship()
