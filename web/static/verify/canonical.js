// RFC 8785 JSON and the times in it. Two writings of one thing would be two hashes, so what is
// read must already be written the one way.

import { Refused, isWritable } from "./bytes.js";

/** The value that a text writes, which must be the RFC 8785 writing of that value. */
export function readCanonical(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refused("not-readable");
  }
  if (writeCanonical(value) !== text) throw new Refused("not-readable");
  return value;
}

export function writeCanonical(value) {
  if (Array.isArray(value)) return `[${value.map(writeCanonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    // sort() compares UTF-16 code units, as RFC 8785 section 3.2.3 asks
    const members = Object.keys(value).sort();
    return `{${members.map((name) => `${text(name)}:${writeCanonical(value[name])}`).join(",")}}`;
  }
  if (typeof value === "string") return text(value);
  if (isTooLargeAnInteger(value)) throw new Refused("not-readable");
  return JSON.stringify(value);
}

/** From 1e21 on numbers are written with an exponent, and are no integers to other languages. */
const isTooLargeAnInteger = (value) =>
  Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21;

function text(value) {
  if (!isWritable(value)) throw new Refused("not-readable");
  return JSON.stringify(value);
}

// --- members of an object, with their types -----------------------------------------------------

function member(object, name, fits) {
  const value = Object.hasOwn(object ?? {}, name) ? object[name] : undefined;
  if (!fits(value)) throw new Refused("not-readable");
  return value;
}

export const has = (object, name) =>
  object !== null && typeof object === "object" && !Array.isArray(object) && Object.hasOwn(object, name);

export const textOf = (object, name) => member(object, name, (value) => typeof value === "string");

export const textsOf = (object, name) =>
  member(object, name, (value) => Array.isArray(value) && value.every((one) => typeof one === "string"));

export const countOf = (object, name) =>
  member(object, name, (value) => Number.isSafeInteger(value) && value >= 0);

export const flagOf = (object, name) => has(object, name) && member(object, name, (value) => typeof value === "boolean");

const MOMENT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

/** A time written 2026-11-01T08:00:00Z, in milliseconds. */
export function momentOf(object, name) {
  const written = textOf(object, name);
  const at = MOMENT.test(written) && !written.startsWith("0000") ? Date.parse(written) : NaN;
  // a day that no month has is carried over to the next by some browsers
  if (Number.isNaN(at) || writeMoment(at) !== written) throw new Refused("not-readable");
  return at;
}

export const writeMoment = (at) => new Date(at).toISOString().replace(/\.[0-9]+Z$/, "Z");

/** A date written 2026-11-01, or null where it is null or missing and may be. */
export function dayOf(object, name, optional = false) {
  if (optional && (!has(object, name) || object[name] === null)) return null;
  const written = textOf(object, name);
  if (!DAY.test(written)) throw new Refused("not-readable");
  momentOf({ day: `${written}T00:00:00Z` }, "day");
  return written;
}
