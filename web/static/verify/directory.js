// The key directory suyuan.keys/1: which keys there are, and what each may sign.

import { Refused, equal } from "./bytes.js";
import { countOf, dayOf, flagOf, has, momentOf, readCanonical, textOf, textsOf } from "./canonical.js";
import { hasSignatureOf, parseNote, parseVerifierKey, signedBy } from "./notes.js";

const FORMAT = "suyuan.keys/1";
const HOST = /^(?:[0-9a-z](?:[0-9a-z.-]{0,251}[0-9a-z])?|\[[0-9a-f:.]{2,45}\])(?::[1-9][0-9]{0,4})?$/;
const USES = ["code", "log", "status", "witness"];

/**
 * Reads a directory that `root` signed. Where it names a new root, that one must have signed too;
 * whoever calls believes `newRoot` from then on. A lower number than `leastSeq` is refused: an old
 * directory would bring back a revoked key.
 */
export async function openDirectory(text, root, leastSeq = 0) {
  const note = parseNote(text);
  await signedBy(note, [root]);
  const directory = parseDirectory(note.text);
  if (directory.newRoot && !(await hasSignatureOf(note, directory.newRoot))) {
    throw new Refused("no-known-signature");
  }
  if (directory.seq < leastSeq) throw new Refused("older", { is: directory.seq, should: leastSeq });
  return directory;
}

function parseDirectory(text) {
  const lines = text.split("\n");
  if (lines.length < 4 || lines[0] !== FORMAT || !lines[1] || lines.pop() !== "") throw new Refused("not-readable");
  const [header, ...entries] = lines.slice(2).map(readCanonical);
  if (entries.some((entry) => has(entry, "host") === has(entry, "key"))) throw new Refused("not-readable");
  const hosts = entries.filter((entry) => has(entry, "host")).map(readHost);
  const keys = entries.filter((entry) => has(entry, "key")).map(readKey);
  const newRoot = has(header, "root") ? parseVerifierKey(textOf(header, "root")) : null;
  requireEachOnce(hosts.map((entry) => entry.host));
  requireEachOnce([...keys.map((entry) => entry.key), ...(newRoot ? [newRoot] : [])].map((key) => String(key.publicKey)));
  return {
    origin: lines[1],
    seq: countOf(header, "seq"),
    issued: momentOf(header, "issued"),
    expires: momentOf(header, "expires"),
    hosts: new Map(hosts.map((entry) => [entry.host, entry])),
    keys,
    newRoot,
  };
}

function requireEachOnce(names) {
  if (new Set(names).size !== names.length) throw new Refused("not-readable");
}

function readHost(entry) {
  const host = textOf(entry, "host");
  if (!HOST.test(host)) throw new Refused("not-readable");
  dayOf(entry, "from");
  dayOf(entry, "to", true);
  return { host, http: flagOf(entry, "http") };
}

function readKey(entry) {
  const state = textOf(entry, "state");
  const use = textOf(entry, "use");
  const revoked = state === "revoked";
  if (!["active", "revoked"].includes(state) || revoked !== has(entry, "revoked_at_size") || !USES.includes(use)) {
    throw new Refused("not-readable");
  }
  const key = parseVerifierKey(textOf(entry, "key"));
  if (key.isWitness !== (use === "witness")) throw new Refused("not-readable");
  dayOf(entry, "from");
  dayOf(entry, "to", true);
  if (revoked) countOf(entry, "revoked_at_size");
  return {
    key, use, revoked,
    issuer: textOf(entry, "issuer"),
    gtin: prefixesOf(entry, "gtin", 13),
    division: prefixesOf(entry, "division", 6),
  };
}

function prefixesOf(entry, name, longest) {
  const prefixes = textsOf(entry, name);
  const prefix = new RegExp(`^[0-9]{1,${longest}}$`);
  if (!prefixes.every((one) => prefix.test(one))) throw new Refused("not-readable");
  return prefixes;
}

/** Every key with these four bytes, whatever its use: ids may collide. */
export const keysWithId = (directory, id) => directory.keys.filter((entry) => equal(entry.key.id, id));

/** The keys of one use that are not revoked. */
export const keysFor = (directory, use) =>
  directory.keys.filter((entry) => entry.use === use && !entry.revoked).map((entry) => entry.key);

/** Whether a key may sign a path: a code key, with GTIN or division in its scope. */
export function isInScope(entry, path) {
  if (entry.use !== "code") return false;
  const [prefixes, number] = path.gtin ? [entry.gtin, path.gtin.slice(1)] : [entry.division, path.code];
  return !prefixes.length || prefixes.some((prefix) => number.startsWith(prefix));
}
