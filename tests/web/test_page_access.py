"""Who gets through to which page and form: every view of the site, for every kind of asker.

A view that is missing here fails the test, so that nobody adds one without saying who may.
"""

from __future__ import annotations

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import Actor
from suyuan.web.protection import MACHINES
from tests import world
from tests.language_office import make_office
from tests.web.every_page import make_things, views
from tests.web.scanning import open_code
from tests.web_clients import Client, another, signed_in, site

ASKERS = {
    "n": "nobody signed in",
    "h": "the head of the co-operative that everything is about",
    "c": "a clerk there",
    "v": "a viewer there",
    "s": "the head of another co-operative",
    "t": "the head of the county's station",
    "l": "the head of a laboratory",
    "r": "the supervisor of the agency that is competent here",
    "e": "the supervisor of an agency elsewhere",
    "o": "an administrator of the platform",
    "b": "the head of the county's language office",
}
ALL = "".join(ASKERS)
KNOWN = ALL.replace("n", "")

MATRIX: dict[str, str] = {
    # what anybody may see
    "GET public.start": ALL,
    "GET public.signed": ALL,
    "GET public.unsigned": ALL,
    "GET public.by_trace_code": ALL,
    "GET public.product": ALL,
    "GET public.by_carrier": ALL,
    "GET public.pin": ALL,
    "POST public.pin": ALL,
    "GET public.check": ALL,
    "GET public.standards": ALL,
    "GET public.limit": ALL,
    "GET public.needs": ALL,
    "GET public.warnings": ALL,
    "GET public.party": ALL,
    "GET public.site": ALL,
    "GET public.event": ALL,
    "GET public.evidence": ALL,
    "GET channels.text": ALL,
    "GET channels.kiosk": ALL,
    "POST channels.message": "",  # for a gateway alone, by its secret
    "GET verify.page": ALL,
    "GET verify.worker": ALL,
    "GET verify.manifest": ALL,
    "GET static": ALL,
    "GET monitoring.alive": ALL,
    "GET monitoring.ready": ALL,
    "GET monitoring.metrics": ALL,
    "GET well_known.checkpoint": ALL,
    "GET well_known.proof": ALL,
    "GET well_known.proof_of": ALL,
    "GET well_known.run_of": ALL,
    "GET well_known.tile": ALL,
    "GET well_known.checkpoint_of": ALL,
    "GET well_known.tile_of": ALL,
    "GET well_known.keys": ALL,
    "GET well_known.keys_edition": ALL,
    "GET well_known.status": ALL,
    "GET well_known.status_body": ALL,
    "GET well_known.status_delta": ALL,
    "GET well_known.gs1_resolver": ALL,
    # ways in
    "GET sign_in.enter": ALL,
    "POST sign_in.enter": ALL,
    "GET sign_in.enter_code": ALL,
    "POST sign_in.enter_code": ALL,
    "GET sign_in.enter_by_link": ALL,
    "POST sign_in.enter_by_link": ALL,
    "POST sign_in.leave": ALL,
    "GET parties.apply": ALL,
    "POST parties.apply": ALL,
    # one's own account
    "GET account.overview": KNOWN,
    "POST account.choose_organisation": KNOWN,
    "POST account.language": KNOWN,
    "GET account.pin": KNOWN,
    "POST account.pin": KNOWN,
    "GET account.second_factor": KNOWN,
    "POST account.second_factor": KNOWN,
    "POST account.forget_second_factor": KNOWN,
    "GET account.tokens": KNOWN,
    "POST account.tokens": "hstlreob",
    "POST account.revoke": "h",
    # the desk; a page with a form of one's own organisation is drawn also for others, whose form
    # is then refused where it names the co-operative
    "GET desk.home.desk": KNOWN,
    "GET desk.home.listed": KNOWN,
    "GET desk.home.token": KNOWN,
    "GET desk.home.choose": KNOWN,
    "POST desk.home.choose": "hcvt",
    "GET desk.cards.pdf": "hct",
    "GET desk.batches.new": "hcst",
    "POST desk.batches.new": "hct",
    "GET desk.batches.page": "hcvtr",
    "GET desk.batches.withdraw": "hct",
    "POST desk.batches.withdraw": "hct",
    "GET desk.orders.order": "htr",
    "POST desk.orders.order": "htr",
    "GET desk.releasing.give": "hct",
    "POST desk.releasing.give": "hct",
    "GET desk.releasing.ask": "hct",
    "POST desk.releasing.ask": "hct",
    "GET desk.releasing.answer": "r",
    "POST desk.releasing.answer": "r",
    "GET desk.orders.lift": "hr",
    "POST desk.orders.lift": "hr",
    "GET desk.orders.finish": "hr",
    "POST desk.orders.finish": "hr",
    "GET desk.events.new": "hct",
    "POST desk.events.new": "hct",
    "GET desk.events.page": "hcvtr",
    "GET desk.events.correct": "hct",
    "POST desk.events.correct": "hct",
    "POST desk.events.photos": "hct",
    "GET desk.making.new": "hct",
    "POST desk.making.new": "hct",
    "GET desk.shipments.listed": KNOWN,
    "GET desk.shipments.page": "hcv",
    "POST desk.shipments.page": "hct",
    "GET desk.evidence.file": "hcvtr",
    "GET desk.cartons.new": "hct",
    "POST desk.cartons.new": "hct",
    "GET desk.weighing.new": "hct",
    "POST desk.weighing.new": "hct",
    "GET desk.printing.new": "hct",
    "POST desk.printing.new": "hct",
    "GET desk.printing.run": "hct",
    "GET desk.printing.labels": "hct",
    "POST desk.printing.labels": "hct",
    "GET desk.issue_jobs.page": "hct",
    "POST desk.issue_jobs.cancel": "hct",
    "GET desk.print_jobs.page": "hct",
    "POST desk.print_jobs.cancel": "hct",
    "GET desk.print_jobs.file": "hct",
    "POST desk.print_jobs.file": "hct",
    "GET desk.run_account.ended": "hct",
    "POST desk.run_account.ended": "hct",
    "GET desk.printing.void_all": "hct",
    "POST desk.printing.void_all": "hct",
    "GET desk.printers.listed": "hcst",
    "GET desk.printers.new": "hcst",
    "POST desk.printers.new": "hc",
    "GET desk.printers.page": "hc",
    "GET desk.printers.change": "hc",
    "POST desk.printers.change": "hc",
    "POST desk.printers.remove": "hc",
    "POST desk.printers.test": "hc",
    "GET desk.printers.agent": "hst",
    "POST desk.printers.agent": "hst",
    "GET desk.printer_jobs.send": "hct",
    "POST desk.printer_jobs.send": "hc",
    "GET desk.printer_jobs.page": "hc",
    "POST desk.printer_jobs.page": "hc",
    "GET desk.printer_jobs.labels": "hc",
    "GET desk.printer_jobs.picture": "hc",
    "GET desk.printers.trial": "hcst",
    "GET desk.printers.trial_labels": "hcst",
    "GET desk.reprints.new": "hct",
    "POST desk.reprints.new": "hct",
    "GET desk.reprints.page": "hct",
    "GET desk.reprints.labels": "hct",
    "POST desk.reprints.labels": "hct",
    "GET desk.rolls.listed": "hcst",
    "GET desk.rolls.new": "hcst",
    "POST desk.rolls.new": "hct",
    "GET desk.rolls.bind": "hct",
    "POST desk.rolls.bind": "hct",
    "GET desk.rolls.unbind": "hct",
    "POST desk.rolls.unbind": "hct",
    "GET desk.carriers.listed": "hcst",
    "GET desk.carriers.new": "hcst",
    "POST desk.carriers.new": "hct",
    "GET desk.carriers.unbind": "hct",
    "POST desk.carriers.unbind": "hct",
    "GET desk.printing.void": "hct",
    "POST desk.printing.void": "hct",
    "GET desk.products.listed": KNOWN,
    "GET desk.products.new": "hcst",
    "POST desk.products.new": "hct",
    "GET desk.products.page": "hct",
    "POST desk.products.page": "hct",
    "GET desk.sites.listed": KNOWN,
    "GET desk.sites.new": "hcstl",
    "POST desk.sites.new": "hct",
    "GET public.certificate": ALL,
    "GET desk.certificates.listed": KNOWN,
    "GET desk.certificates.page": "hcvt",
    "GET desk.certificates.pdf": "hcvt",
    "GET desk.certificates.new": "hct",
    "POST desk.certificates.new": "hct",
    "GET desk.certificates.again": "hcvt",
    "POST desk.certificates.again": "hct",
    "GET desk.certificates.void": "hcvt",
    "POST desk.certificates.void": "hct",
    "GET desk.certificates.collect": "hcstl",
    "POST desk.certificates.collect": "hct",
    "GET desk.papers.listed": KNOWN,
    "GET desk.papers.new": "hcstl",
    "POST desk.papers.new": "hct",
    "GET desk.papers.page": "hcvt",
    "GET desk.papers.revoke": "hct",
    "POST desk.papers.revoke": "hct",
    "GET desk.certifications.new": "hcstl",
    "POST desk.certifications.new": "hct",
    "GET desk.certifications.page": "hcvt",
    "GET desk.reports.listed": KNOWN,
    "GET desk.reports.new": "hcstl",
    "POST desk.reports.new": "hctl",
    "GET desk.reports.page": "hcvt",
    "GET desk.samples.listed": KNOWN,
    "GET desk.samples.new": "hcstlre",
    "POST desk.samples.new": "hct",
    "GET desk.samples.page": "hcvtr",
    "GET desk.samples.step": "hct",
    "POST desk.samples.step": "hct",
    "GET desk.reports.objection": "hct",
    "POST desk.reports.objection": "hct",
    "GET desk.result_sheets.listed": "l",
    "POST desk.result_sheets.listed": "l",
    "GET desk.result_sheets.page": "l",
    "GET desk.result_sheets.columns": "l",
    "POST desk.result_sheets.columns": "l",
    "POST desk.result_sheets.table": "l",
    "POST desk.result_sheets.words": "l",
    "POST desk.result_sheets.enter": "l",
    "POST desk.result_sheets.drop": "l",
    "GET desk.sheets.listed": "hcst",
    "POST desk.sheets.listed": "hct",
    "GET desk.sheets.template": "hcst",
    "GET desk.sheets.page": "hct",
    "GET desk.sheets.columns": "hct",
    "POST desk.sheets.columns": "hct",
    "POST desk.sheets.table": "hct",
    "POST desk.sheets.rows": "hct",
    "POST desk.sheets.accept": "hct",
    "POST desk.sheets.drop": "hct",
    "GET desk.sheets.work": "hcst",
    "POST desk.sheets.settle": "hct",
    "GET desk.warnings.listed": "hcvstlre",
    "GET desk.warnings.page": "hcvtr",
    "POST desk.warnings.page": "hctr",
    "GET desk.credit.page": "hcvstlre",
    "POST desk.credit.page": "h",
    "GET desk.warnings.contacts": "hstlreob",
    "POST desk.warnings.contacts": "ht",
    "GET parties.apply_at_desk": "hcstlo",
    "POST parties.apply_at_desk": "hcstlo",
    "GET members.listed": "hto",
    "POST members.listed": "hto",
    "POST members.change_role": "hto",
    "POST members.link": "hto",
    "POST members.undertaking": "hto",
    # inspection: pages hold what the asker may see of them, which tests/web/test_inspect_pages.py
    # is about
    "GET inspect.search": "tre",
    "GET inspect.batch": "tre",
    "GET inspect.batch_record": "tre",
    "GET inspect.batch_proof": "tre",
    "GET inspect.chain": "tre",
    "GET inspect.chain_file": "tre",
    "GET inspect.event": "tre",
    "GET inspect.event_proof": "tre",
    "GET inspect.event_evidence": "tr",
    "GET inspect.evidence": "tr",
    "GET inspect.certificate": "tre",
    "POST inspect.void_certificate": "tr",
    "GET inspect.certificate_proof": "tre",
    "GET inspect.paper": "tre",
    "POST inspect.check": "tr",
    "GET inspect.applications": "tre",
    "GET inspect.application": "tr",
    "POST inspect.application": "r",
    "GET inspect.sample": "tre",
    "GET inspect.sample_proof": "tre",
    "GET inspect.report": "tre",
    "GET inspect.paper_proof": "tre",
    "GET inspect.report_proof": "tre",
    "GET inspect.inspection": "tr",
    "POST inspect.inspection": "tr",
    "POST inspect.ask": "r",
    "GET inspect.stop": "r",
    "POST inspect.stop": "r",
    "GET inspect.warnings": "tre",
    "GET inspect.warning": "tr",
    "POST inspect.warning": "r",
    "GET inspect.kept": "tre",
    "POST inspect.kept": "r",
    "GET inspect.orders": "tre",
    "GET inspect.balance": "tre",
    "GET inspect.coverage": "tre",
    "GET inspect.credit": "tre",
    "GET inspect.credit_of": "tr",
    "POST inspect.credit_of": "r",
    "GET inspect.division_report": "tre",
    "GET inspect.division_report_file": "tre",
    "GET inspect.order": "tre",
    "POST inspect.order": "r",
    "GET parties.listed": "treo",
    "GET parties.one": "tro",
    "POST parties.one": "tro",
    # administration
    "GET proof_sheet.page": "b",
    "POST proof_sheet.page": "b",
    "GET admin.overview": "o",
    "GET admin.people": "o",
    "GET admin.signing_keys": "o",
    "GET admin.make_signing_key": "o",
    "POST admin.make_signing_key": "o",
    "GET admin.change_signing_key": "o",
    "POST admin.change_signing_key": "o",
    "GET admin.directory_draft": "o",
    "POST admin.change_draft": "o",
    "GET admin.bring_directory": "o",
    "POST admin.bring_directory": "o",
    "GET admin.erase_personal": "o",
    "POST admin.erase_personal": "o",
    "GET admin.limits": "o",
    "POST admin.limits": "o",
    "GET admin.kept": "o",
    "POST admin.kept": "o",
    "GET admin.settings_in_force": "o",
    "GET admin.competences": "o",
    "POST admin.competences": "o",
}
"""For each view the askers that get through. Of the others nobody is sent to sign in, and who is
signed in is refused (403), or told that there is no such thing for him (404)."""

ASKED_AGAIN = frozenset({"sign_in.enter", "sign_in.enter_code", "account.second_factor"})
"""Forms that ask for what only the person itself knows: being asked again is getting through."""
ENDS_THERE = frozenset({"sign_in.enter_code", "sign_in.leave"})
"""The code without number and PIN before it, and going out: both lead to signing in."""
OF_REVOKED_KEYS = frozenset({"well_known.run_of"})
"""Open to all, and empty as long as no key was revoked."""
SPENT = frozenset({"sign_in.enter_by_link"})
"""What is gone once it was used."""
LAST = ("sign_in", "account")
"""What changes who is signed in comes after everything else."""


def asker(ledger: Ledger, letter: str, owner: Actor) -> Actor | None:
    party = str(owner.party_uid)
    match letter:
        case "h":
            return owner
        case "c":
            return world.make_actor(ledger, party, "clerk")
        case "v":
            return world.make_actor(ledger, party, "viewer")
        case "s":
            return world.make_producer(ledger)
        case "t":
            return world.make_producer(ledger, "county_station")
        case "r":
            return world.make_regulator(ledger)
        case "e":
            return world.make_regulator(ledger, world.KAZUO)
        case "o":
            return world.make_operator(ledger)
        case "b":
            return make_office(ledger)
    return None


def outcome(endpoint: str, answer: TestResponse) -> str:
    """``through``, ``sign in``, ``refused``, ``again`` where it was done already, or what else."""
    answer.close()
    if endpoint in ENDS_THERE:
        return "through" if answer.status_code == 302 else f"{answer.status_code}"
    if answer.status_code == 302 and answer.location.partition("?")[0] == "/sign-in":
        return "sign in"
    if answer.status_code < 400:
        return "through"
    if endpoint in OF_REVOKED_KEYS and answer.status_code == 404:
        return "through"
    if answer.status_code in (403, 404):
        return "refused"
    if endpoint in ASKED_AGAIN and answer.status_code in (401, 422):
        return "through"
    if answer.status_code == 409:
        return "again"
    return f"{answer.status_code}: {answer.text[:3000]}"


def ask(client: Client, method: str, address: str, form: dict[str, object]) -> TestResponse:
    if address[1:].partition("/")[0].isdecimal() and len(address) > 60:
        return open_code(client, address)
    if method == "GET":
        return client.get(address)
    form["csrf_token"] = client.token("/sign-in")
    return client.post(address, data=form)


def test_every_view_says_who_gets_through(ledger: Ledger) -> None:
    served = {f"{method} {name}" for method, name, _ in views(site(ledger).application)}
    assert served == MATRIX.keys()


def test_each_asker_gets_through_where_the_matrix_says(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    things = make_things(ledger, owner, world.make_actor(ledger, str(owner.party_uid), "operator"))
    first = site(ledger)
    people = {letter: asker(ledger, letter, owner) for letter in ASKERS}
    people["l"] = things.laboratory
    clients = {letter: another(first) for letter in ASKERS}
    for letter, who in people.items():
        if who is not None:
            signed_in(clients[letter], ledger, str(who.person_uid))
    wrong = {}
    for method, endpoint, rule in sorted(views(first.application), key=order):
        name, done = f"{method} {endpoint}", False
        admitted = MATRIX.get(name, "")
        # who is refused comes first: nothing has been done yet that could refuse him instead
        for letter in sorted(ASKERS, key=lambda one: one in admitted):
            who, form = people[letter], things.form(endpoint)
            if endpoint == "account.choose_organisation" and who is not None:
                form["party"] = str(who.party_uid)
            got = outcome(
                endpoint, ask(clients[letter], method, things.address(endpoint, rule), form)
            )
            if done and (got == "again" or endpoint in SPENT):
                continue
            if got != _should(letter, admitted, endpoint):
                wrong[f"{letter} {name}"] = got
            done = done or got == "through"
    assert not wrong, "\n".join(f"{name}: {what}" for name, what in wrong.items())


def _should(letter: str, admitted: str, endpoint: str) -> str:
    if letter in admitted:
        return "through"
    return "sign in" if letter == "n" and endpoint not in MACHINES else "refused"


def order(view: tuple[str, str, Rule]) -> tuple[bool, bool, bool, str]:
    """What is read comes before what is written, what changes who is signed in last of all."""
    method, endpoint, _ = view
    return endpoint == "sign_in.leave", endpoint.startswith(LAST), method == "POST", endpoint
