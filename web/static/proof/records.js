// Proofs of single fields of records (suyuan.field-proofs/1), checked in the browser: opened
// fields against commitments, their digest against the leaf, the leaf against the root of the
// checkpoint, and that one's signature against the log's key.

import { Refused, equal, joined, readBase64, utf8, writeBase64 } from "../verify/bytes.js";
import { countOf, has, textOf, textsOf, writeCanonical } from "../verify/canonical.js";
import { parseNote, signedBy } from "../verify/notes.js";
import { sha256 } from "../verify/sha256.js";

const FORMAT = "suyuan.field-proofs/1";
const MAX_LOGS = 100;
const MAX_RECORDS = 5000;
const HASH = 32;
const SALT = 16;
const SIZE = /^(0|[1-9][0-9]{0,18})$/;

const node = (left, right) => sha256(joined(Uint8Array.of(1), left, right));
const leafHash = (entry) => sha256(joined(Uint8Array.of(0), entry));

function bytesOf(text, length) {
  const data = readBase64(text);
  if (data.length !== length) throw new Refused("not-readable");
  return data;
}

function listOf(object, name) {
  if (!has(object, name) || !Array.isArray(object[name])) throw new Refused("not-readable");
  return object[name];
}

function objectOf(object, name) {
  const value = has(object, name) ? object[name] : null;
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Refused("not-readable");
  return value;
}

/** A checkpoint that one of the log's keys signed: {origin, size, root}. */
export async function openCheckpoint(text, keys) {
  const note = parseNote(text);
  const signers = await signedBy(note, keys);
  const lines = note.text.split("\n");
  if (lines.length !== 4 || lines[3] || !SIZE.test(lines[1])) throw new Refused("not-readable");
  if (!signers.some((key) => key.name === lines[0])) throw new Refused("wrong-signature", { name: lines[0] });
  return { origin: lines[0], size: BigInt(lines[1]), root: bytesOf(lines[2], HASH) };
}

/** Whether a leaf is at `index` of the tree (RFC 9162 section 2.1.3.2). */
export function isIncluded(leaf, index, size, path, root) {
  let [fn, sn, hash] = [BigInt(index), size - 1n, leaf];
  if (fn > sn) return false;
  for (const other of path) {
    if (sn === 0n) return false;
    if (fn & 1n || fn === sn) {
      hash = node(other, hash);
      while (!(fn & 1n) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      hash = node(hash, other);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && equal(hash, root);
}

/** The checkpoints, and each record, or in its place what is wrong with it. */
export async function checkFieldProofs(document, keys) {
  if (textOf(document, "format") !== FORMAT) throw new Refused("newer-format");
  const logs = listOf(document, "logs");
  if (logs.length > MAX_LOGS) throw new Refused("not-readable");
  const checkpoints = [];
  for (const log of logs) checkpoints.push(await openCheckpoint(textOf(log, "checkpoint"), keys));
  const listed = listOf(document, "records");
  if (listed.length > MAX_RECORDS) throw new Refused("not-readable");
  const hashes = textsOf(document, "hashes").map((one) => bytesOf(one, HASH));
  return { checkpoints, records: listed.map((one) => recordOf(one, hashes, checkpoints)) };
}

function recordOf(said, hashes, heads) {
  try {
    const opened = listOf(said, "fields");
    const fields = new Map(opened.map((one) => [textOf(one, "name"), one.value]));
    const digest = sha256(utf8(writeCanonical(commitmentsOf(said, opened))));
    const leaf = objectOf(said, "leaf");
    const named = Object.keys(leaf).sort().join();
    if (named !== "at,digest,v" || leaf.v !== 1 || !equal(bytesOf(textOf(leaf, "digest"), HASH), digest)) {
      throw new Refused("broken");
    }
    const path = listOf(said, "path").map((at) => {
      if (!Number.isSafeInteger(at) || at < 0 || at >= hashes.length) throw new Refused("not-readable");
      return hashes[at];
    });
    const [log, index] = [countOf(said, "log"), countOf(said, "index")];
    const head = heads[log];
    if (head === undefined) throw new Refused("not-readable");
    const entry = leafHash(utf8(writeCanonical(leaf)));
    if (!isIncluded(entry, index, head.size, path, head.root)) throw new Refused("broken");
    if (fields.get("id") !== textOf(said, "id")) throw new Refused("broken");
    return { id: said.id, place: [log, index], at: textOf(leaf, "at"), fields, schema: fields.get("schema"), mended: mendedOf(said) };
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

/** All commitments in base64: those that are given, and those that the opened fields lead to. */
function commitmentsOf(said, opened) {
  const closed = objectOf(said, "commitments");
  const named = new Map(Object.keys(closed).map((name) => [name, writeBase64(bytesOf(textOf(closed, name), HASH))]));
  for (const one of opened) {
    const name = textOf(one, "name");
    if (named.has(name) || !has(one, "value")) throw new Refused("not-readable");
    const salt = bytesOf(textOf(one, "salt"), SALT);
    named.set(name, writeBase64(sha256(joined(salt, utf8(writeCanonical(one.value))))));
  }
  return Object.fromEntries(named);
}

function mendedOf(said) {
  if (!has(said, "corrected_by") || said.corrected_by === null) return null;
  const later = said.corrected_by;
  return { record: countOf(later, "record"), field: textOf(later, "field"), of: textOf(later, "of") };
}
