// The status list suyuan.status/1: what is wrong with a batch or package.

import { Refused, utf8, writeBase64 } from "./bytes.js";
import { countOf, momentOf, readCanonical, writeCanonical, writeMoment } from "./canonical.js";
import { keysFor } from "./directory.js";
import { parseNote, signedBy } from "./notes.js";
import { sha256 } from "./sha256.js";

const FORMAT = "suyuan.status/1";
const LINE = /^([0-9A-Za-z_-]{10}[AEIMQUYcgkosw048]) ([RVHPE])$/;

/** The states, the gravest first. */
const STATES = { R: "recalled", V: "voided", H: "held", P: "paper-revoked", E: "expired-early" };

/**
 * Reads a list that one of the directory's status keys signed. Refused are a lower number than
 * `leastSeq` and the list of another installation, for one key may stand in two directories.
 */
export async function openStatus(text, body, directory, leastSeq = 0) {
  const { header, origin, signed } = await openNote(text, directory);
  if (header.seq < leastSeq) throw new Refused("older", { is: header.seq, should: leastSeq });
  const states = parseBody(body);
  const bound = { ...header, count: states.size, sha256: writeBase64(sha256(utf8(body))) };
  if (`${FORMAT}\n${origin}\n${writeCanonical(bound)}\n` !== signed) throw new Refused("other-body");
  return { origin, seq: header.seq, asOf: Date.parse(header.as_of), nextBy: Date.parse(header.next_by), states };
}

/** The number of the list that a note is of, believed because a status key signed it. */
export const seqOf = async (text, directory) => (await openNote(text, directory)).header.seq;

/** Whether a list was signed by status keys that the directory has revoked, and by no other. */
export async function isOfRevokedKey(text, directory) {
  const ofUse = directory.keys.filter((entry) => entry.use === "status");
  try {
    const signed = await signedBy(parseNote(text), ofUse.map((entry) => entry.key));
    return signed.every((key) => ofUse.some((entry) => entry.key === key && entry.revoked));
  } catch {
    return false; // spoilt: who signed it is not known
  }
}

async function openNote(text, directory) {
  const note = parseNote(text);
  await signedBy(note, keysFor(directory, "status"));
  const lines = note.text.split("\n");
  if (lines.length !== 4 || lines[0] !== FORMAT) throw new Refused("not-readable");
  if (lines[1] !== directory.origin) {
    throw new Refused("other-origin", { is: lines[1], should: directory.origin });
  }
  const read = readCanonical(lines[2]);
  const header = {
    seq: countOf(read, "seq"),
    as_of: writeMoment(momentOf(read, "as_of")),
    next_by: writeMoment(momentOf(read, "next_by")),
  };
  return { header, origin: lines[1], signed: note.text };
}

function parseBody(body) {
  const states = new Map();
  let before = "";
  for (const line of linesOf(body)) {
    const match = LINE.exec(line);
    if (!match || states.has(match[1]) || line <= before) throw new Refused("other-body");
    states.set(match[1], match[2]);
    before = line;
  }
  return states;
}

function linesOf(text) {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new Refused("other-body");
  return lines;
}

/** The newer body that a delta makes of an older one. Whether it is the right one, its hash says. */
export function applyDelta(body, delta) {
  const lines = new Set(linesOf(body));
  for (const change of linesOf(delta)) {
    const line = change.slice(1);
    if (change[0] === "-") lines.delete(line);
    else if (change[0] === "+") lines.add(line);
    else throw new Refused("other-body");
  }
  return [...lines].sort().map((line) => `${line}\n`).join("");
}

/** The 11 characters under which a path is listed. */
export const tokenOf = (path) =>
  writeBase64(sha256(utf8(path)).subarray(0, 8)).replace(/\+/g, "-").replace(/\//g, "_").replace("=", "");

/** The gravest state of the package or its batch by name, or null. */
export function stateOf(list, path) {
  const found = [path.text, path.batch].map((one) => list.states.get(tokenOf(one)));
  const letter = Object.keys(STATES).find((one) => found.includes(one));
  return letter ? STATES[letter] : null;
}
