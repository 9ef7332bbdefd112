// Which of the values that a passport shows are in the log, and which are not. The same rules as
// suyuan.trace.log.passport_check; a shared file of good and bad passports holds both to them.

import { Refused } from "../verify/bytes.js";
import { countOf, has, textOf, writeCanonical } from "../verify/canonical.js";
import { fieldOf, partKind, patternOf, places, valueAt } from "./pointers.js";
import { checkFieldProofs } from "./records.js";
import { EXPECTED, LINKS, MENDS, SHOWN, STEP_KINDS } from "./shown.js";

const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}(?:Z|[+-][0-9]{2}:[0-9]{2})$/;

/**
 * Checks a passport with its proofs by the log's `keys`. Answers {checkpoints, fields}; a field is
 * {shown, value, record, field, proven, why, logged, correctedBy}. Refuses where nothing of it can
 * be believed.
 */
export async function verifyPassport(passport, keys) {
  if (!has(passport, "proofs") || !Array.isArray(passport.proofs?.said_by)) throw new Refused("no-proofs");
  const proofs = await checkFieldProofs(passport.proofs, keys);
  const checker = new Checker(passport, proofs.records);
  const checked = new Map();
  for (const entry of passport.proofs.said_by) {
    for (const one of checker.entry(entry)) checked.set(one.shown, one);
  }
  for (const pattern of EXPECTED) {
    for (const [shown, value] of places(passport, pattern)) {
      if (isNothing(value) || checked.has(shown) || isUntold(shown, passport)) continue;
      checked.set(shown, { shown, value, proven: false, why: "nothing" });
    }
  }
  return { checkpoints: proofs.checkpoints, fields: [...checked.values()] };
}

/** Whether the value at `shown` only stands for a family's name, which is not told. */
const isUntold = (shown, passport) =>
  passport.producer?.kind === "household_group" && /\/(?:holder|names?|who)$/.test(shown);

class Checker {
  constructor(passport, records) {
    this.passport = passport;
    this.records = records;
    this.owners = new Map(); // part to the place of the record that it rests on
    this.chain = chainOf(passport.trace_code, records);
  }

  /** Each value that one entry of `said_by` speaks of. */
  entry(said) {
    if (!has(said, "fields") || !isObject(said.fields)) throw new Refused("not-readable");
    const part = textOf(said, "part");
    const named = Object.entries(said.fields).map(([shown, field]) => ({ shown, field: String(field) }));
    const found = attempt(() => this.recordFor(part, countOf(said, "record"), said.of));
    return named.map(({ shown, field }) => {
      const check = { shown: part + shown, field, proven: false };
      if (found instanceof Refused) return { ...check, ...why(found) };
      const outcome = attempt(() => this.valueOf(check, part, shown, found));
      return outcome instanceof Refused ? { ...check, record: found.id, ...why(outcome) } : outcome;
    });
  }

  valueOf(check, part, shown, record) {
    const told = valueAt(this.passport, part);
    const value = valueAt(told, shown);
    const found = { ...check, record: record.id, value, at: record.at };
    const outcome = attempt(() => {
      found.correctedBy = this.newest(part, record);
      const meanings = SHOWN[partKind(part)][record.schema];
      const pattern = patternOf(shown);
      if (!has(meanings, pattern) || fieldOf(meanings[pattern], shown, told) !== check.field) throw new Refused("other");
      const [top, ...below] = check.field.split("/");
      if (!record.fields.has(top)) throw new Refused("nothing");
      const logged = valueAt(record.fields.get(top), below.length ? `/${below.join("/")}` : "");
      if (!isSame(value, logged)) throw new Refused("differs", { logged });
    });
    return outcome instanceof Refused ? { ...found, ...why(outcome) } : { ...found, proven: true };
  }

  /** The record at a place, believed, and about this part of this passport. */
  recordFor(part, index, of) {
    const record = this.believed(index);
    if (!has(SHOWN[partKind(part)], record.schema)) throw new Refused("other");
    if (of === undefined || of === null) {
      if (!this.isAbout(part, record) || (this.owners.get(part) ?? index) !== index) throw new Refused("other");
      this.owners.set(part, index);
      return record;
    }
    const [at, name] = [countOf(of, "record"), textOf(of, "field")];
    const same = has(LINKS, name) && has(LINKS[name], record.schema) ? LINKS[name][record.schema] : null;
    if (same === null || !this.ownersFor(part).includes(at)) throw new Refused("other");
    if (!isOne(this.believed(at).fields.get(name), record.fields.get(same))) throw new Refused("other");
    return record;
  }

  believed(index) {
    const found = this.records[index];
    if (found === undefined) throw new Refused("nothing");
    if (found instanceof Refused) throw found;
    return found;
  }

  /** The records that may name what a part is about. */
  ownersFor(part) {
    if (partKind(part) === "/route/*") {
      return [...this.owners].filter(([of]) => of.startsWith("/steps/")).map(([, at]) => at);
    }
    const own = this.owners.get(["/producer", "/origin"].includes(part) ? "" : part);
    return own === undefined ? [] : [own];
  }

  isAbout(part, record) {
    const told = valueAt(this.passport, part) ?? {};
    const said = (name) => record.fields.get(name);
    switch (partKind(part)) {
      case "":
        return isOne(told.record_id, record.id) && isOne(told.trace_code, said("trace_code"));
      case "/steps/*":
        return isOne(told.record_id, record.id) && isOne(told.kind, stepKind(record)) && this.concerns(codesOf(record));
      case "/papers/*":
        return isOne(told.uid, said("paper")) && this.covers(listed(said("covers")));
      case "/certificates/*":
        return isOne(told.number, said("certificate")) && this.concerns(codesOf(record));
      case "/tests/*":
        return isOne(told.uid, said("report")) && this.concerns(listed(said("batches")));
      default:
        return false;
    }
  }

  concerns(codes) {
    return codes.some((code) => this.chain.has(code));
  }

  /** Whether a paper covers a batch of the chain, or a party, site or product of its records. */
  covers(covered) {
    const known = new Set(this.chain);
    for (const record of this.records) {
      if (record instanceof Refused || !this.concerns(codesOf(record))) continue;
      for (const name of ["party", "site", "product"]) known.add(record.fields.get(name));
    }
    return covered.some((one) => typeof one?.key === "string" && known.has(one.key));
  }

  /** The id of the newest record that corrects this one, or null. */
  newest(part, record) {
    const told = valueAt(this.passport, part);
    if (isOne(told?.record_id, record.id) && (told.corrected_by ?? null) !== null && !record.mended) throw new Refused("hidden");
    const seen = new Set([record.id]);
    let at = record;
    while (at.mended) {
      const { field, of } = at.mended;
      const later = this.believed(at.mended.record);
      const right = MENDS.some(([one, other]) => one === field && other === of);
      const named = of ? at.fields.get(of) : this.eventOf(at);
      if (!right || !isLater(later.place, at.place) || seen.has(later.id)) throw new Refused("other");
      if (!isOne(later.fields.get(field), named)) throw new Refused("other");
      at = later;
      seen.add(at.id);
    }
    return at === record ? null : at.id;
  }

  /** The name of the event of a registration or an order, as the passport shows it. */
  eventOf(record) {
    return listed(this.passport.steps).find((step) => isOne(step?.record_id, record.id))?.uid;
  }
}

/** The kind of the step that a record is behind, by the fields that are opened. */
function stepKind(record) {
  const type = record.fields.get("type");
  if (record.schema === "event/1") return record.fields.get("kind");
  return has(STEP_KINDS, type) ? STEP_KINDS[type] : undefined;
}

/** Whether nothing is shown: no text, number, yes, or member. */
const isNothing = (value) => !value || (typeof value === "object" && Object.keys(value).length === 0);

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

const isLater = ([log, index], [otherLog, other]) => log > otherLog || (log === otherLog && index > other);

function attempt(work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

const why = (refused) => ({ why: refused.kind, logged: refused.params.logged });

/** The batch and all that the proven events say it was made of. */
function chainOf(traceCode, records) {
  const found = new Set([traceCode]);
  const events = records.filter((one) => !(one instanceof Refused) && one.schema === "event/1");
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const event of events) {
      if (!codesOf(event, "output").some((code) => found.has(code))) continue;
      codesOf(event, "input").forEach((code) => found.add(code));
    }
  }
  return found;
}

/** The trace codes that a record names (in a role): as its own, or in its list of batches. */
function codesOf(record, role = null) {
  const own = role === null ? [record.fields.get("trace_code")] : [];
  const named = listed(record.fields.get("batches"))
    .filter((one) => role === null || one?.role === role)
    .map((one) => one?.code);
  return [...own, ...named].filter((one) => typeof one === "string");
}

const listed = (value) => (Array.isArray(value) ? value : []);

/** Whether both are the same text: a name that is missing is no name. */
const isOne = (one, other) => typeof one === "string" && one !== "" && one === other;

/** Equal as JSON; times to the second; the batches of a step by code and role. */
function isSame(shown, logged) {
  const moment = secondOf(shown);
  if (!Number.isNaN(moment) && moment === secondOf(logged)) return true;
  const [here, there] = [batchesOf(shown, "trace_code"), batchesOf(logged, "code")];
  if (here && there) return here === there;
  return writeCanonical(shown) === writeCanonical(logged);
}

const secondOf = (text) =>
  typeof text === "string" && TIME.test(text) ? Math.floor(Date.parse(text) / 1000) : NaN;

function batchesOf(value, name) {
  if (!Array.isArray(value) || !value.every((one) => one !== null && typeof one === "object")) return "";
  const rows = value.filter((one) => has(one, name)).map((one) => writeCanonical([one[name], one.role]));
  return [...new Set(rows)].sort().join();
}
