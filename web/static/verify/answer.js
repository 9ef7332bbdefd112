// What may be said of a code now, with no network: a rule apart from the page that shows it.

import { Refused } from "./bytes.js";
import { parseTyped } from "./paths.js";
import { stateOf } from "./status.js";
import { verify } from "./verdict.js";

/**
 * Why nothing may be shown as being in order, or null: nothing kept, past its date, or a clock that
 * cannot be right. `differ`: ms by which an honest clock may be wrong.
 */
export function doubtAbout({ directory, status, told, seen }, now, differ) {
  if (!directory) return "no-directory";
  if (!status) return "no-status";
  const latest = Math.max(directory.issued, status.asOf, told?.site ?? 0, seen ?? 0);
  if (now + differ < latest) return "clock-behind";
  if (told && Math.abs(told.site - told.phone) > differ) return "clock-wrong";
  if (now > directory.expires) return "directory-late";
  return now > status.nextBy ? "status-late" : null;
}

/** The text of a code, or a trace code that was typed. */
export const isCode = (text) => text.includes("://");

/**
 * The answer about `text`: `verdict` is one of those of verdict.js, `typed` for a trace code that
 * carries no signature, or `unchecked` where nothing can check it. `isGood` alone may be green.
 */
export async function answerAbout(text, lists, now, differ) {
  const doubt = doubtAbout(lists, now, differ);
  const found = await (isCode(text) ? aboutCode(text, lists) : aboutTyped(text, lists));
  const isGood = found.verdict === "good" && !found.state && !doubt;
  return { ...found, text, doubt, isGood, asOf: lists.status?.asOf ?? null, directoryOf: lists.directory?.issued ?? null };
}

async function aboutCode(text, { directory, status }) {
  try {
    return await verify(text, directory ?? NOTHING_KNOWN, status).then((found) => (directory ? found : unsure(found)));
  } catch (fault) {
    if (fault.kind !== "no-signature-check") throw fault;
    return { verdict: "unchecked", why: fault.kind, state: null };
  }
}

const NOTHING_KNOWN = { hosts: new Map(), keys: [] };

/** Without a directory only the writing can be judged; and http may be right for some host. */
function unsure(found) {
  const sure = ["unsigned", "newer-format"].includes(found.verdict) || isBadlyWritten(found);
  return sure ? found : { ...found, verdict: "unchecked", why: "no-directory" };
}

const isBadlyWritten = ({ verdict, fault }) => verdict === "malformed" && fault.kind !== "not-https";

function aboutTyped(text, { status }) {
  try {
    const path = parseTyped(text);
    return { verdict: "typed", path, state: status ? stateOf(status, path) : null };
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    return { verdict: "mistyped", fault, state: null };
  }
}
