// JSON pointers (RFC 6901) into a passport, and the patterns of the table of shown fields.

import { Refused } from "../verify/bytes.js";
import { has } from "../verify/canonical.js";

const NUMBER = /^[0-9]{1,5}$/;

const below = (value, step) => {
  if (Array.isArray(value)) return NUMBER.test(step) ? value[Number(step)] : undefined;
  return has(value, step) ? value[step] : undefined;
};

/** What a pointer finds in a value. Refuses where nothing is there. */
export function valueAt(value, pointer) {
  let found = value;
  for (const step of pointer.startsWith("/") ? pointer.split("/").slice(1) : []) {
    found = below(found, step.replaceAll("~1", "/").replaceAll("~0", "~"));
    if (found === undefined) throw new Refused("nothing");
  }
  return found;
}

/** The kind of a part: /steps/3 is a /steps/*. */
export const partKind = (part) => part.replace(/\/[0-9]+$/, "/*");

/** The pattern of a pointer, with a star for each number. */
export const patternOf = (pointer) => pointer.replace(/\/[0-9]+(?=\/|$)/g, "/*");

/** Each place that a pattern means, as [pointer, value]. */
export function places(value, pattern) {
  let found = [["", value]];
  for (const step of pattern.split("/").slice(1)) {
    found = found.flatMap(([at, one]) => {
      if (step === "*") return Array.isArray(one) ? one.map((each, i) => [`${at}/${i}`, each]) : [];
      return has(one, step) ? [[`${at}/${step}`, one[step]]] : [];
    });
  }
  return found;
}

/** The field that `meant` names for the shown value at `shown` of a part. */
export function fieldOf(meant, shown, part) {
  const steps = shown.split("/");
  const numbers = steps.filter((step) => /^[0-9]+$/.test(step));
  const named = meant.split("/").map((step) => (step === "*" ? (numbers.shift() ?? step) : step)).join("/");
  if (!named.includes("{key}")) return named;
  const beside = steps.slice(1, -1).reduce((value, step) => below(value, step), part);
  const key = below(beside, "key");
  return named.replace("{key}", () => (typeof key === "string" ? key : ""));
}
