// Signed notes (c2sp.org/signed-note) and verifier keys: key directory and status list alike.

import { Refused, equal, hex, isWritable, joined, readBase64, utf8 } from "./bytes.js";
import { verifies } from "./ed25519.js";
import { sha256 } from "./sha256.js";

const ED25519 = 1;
const COSIGNATURE = 4;
const MAX_NOTE = 16 * 1024 * 1024; // bytes
const MAX_SIGNATURES = 100;
const MARK = "\u2014 ";
const CONTROL = /[\0-\x09\x0b-\x1f]/;
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const VERIFIER_KEY = /^([^+]+)\+([0-9a-f]{8})\+([0-9A-Za-z+/]+=*)$/;

/** First four bytes of SHA-256(name ‖ 0x0A ‖ signature type ‖ public key). */
function keyId(name, kind, publicKey) {
  return sha256(joined(utf8(name), Uint8Array.of(0x0a, kind), publicKey)).subarray(0, 4);
}

/** A public key by the name under which it signs: `name+hex id+base64`. */
export function parseVerifierKey(text) {
  const match = VERIFIER_KEY.exec(text);
  if (!match) throw new Refused("not-readable");
  const [, name, id, encoded] = match;
  const material = readBase64(encoded);
  const [kind, publicKey] = [material[0], material.slice(1)];
  requireKeyName(name);
  if (publicKey.length !== 32 || ![ED25519, COSIGNATURE].includes(kind)) throw new Refused("not-readable");
  const ours = keyId(name, kind, publicKey);
  if (hex(ours) !== id) throw new Refused("not-readable");
  return { name, kind, publicKey, id: ours, text, isWitness: kind === COSIGNATURE };
}

function requireKeyName(name) {
  if (!name || name.includes("+") || SPACE.test(name) || CONTROL.test(name) || !isWritable(name)) {
    throw new Refused("not-readable");
  }
}

/** A note that was read and not yet verified; `text` ends in a newline. */
export function parseNote(note) {
  if (CONTROL.test(note) || !isWritable(note) || utf8(note).length > MAX_NOTE) throw new Refused("not-readable");
  const blank = note.lastIndexOf("\n\n");
  if (blank < 0 || !note.endsWith("\n")) throw new Refused("not-readable");
  const lines = note.slice(blank + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) throw new Refused("not-readable");
  return { text: note.slice(0, blank + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line) {
  const parts = line.slice(MARK.length).split(" ");
  if (!line.startsWith(MARK) || parts.length !== 2) throw new Refused("not-readable");
  requireKeyName(parts[0]);
  const data = readBase64(parts[1]);
  if (data.length < 5) throw new Refused("not-readable");
  return { name: parts[0], id: data.subarray(0, 4), signature: data.subarray(4) };
}

/**
 * Those of `keys` that signed, at least one. A known key whose signature is wrong refuses the
 * note: it has been tampered with.
 */
export async function signedBy(note, keys) {
  const message = utf8(note.text);
  const found = new Set();
  for (const line of note.signatures) {
    const named = keys.filter((key) => key.name === line.name && equal(key.id, line.id));
    const good = [];
    for (const key of named) {
      if (key.kind === ED25519 && (await verifies(key.publicKey, line.signature, message))) good.push(key);
    }
    if (named.length && !good.length) throw new Refused("wrong-signature", { name: line.name });
    good.forEach((key) => found.add(key));
  }
  if (!found.size) throw new Refused("no-known-signature");
  return [...found];
}

/** Whether `key` signed, and rightly. */
export async function hasSignatureOf(note, key) {
  for (const line of note.signatures) {
    const named = key.name === line.name && equal(key.id, line.id);
    if (named && (await verifies(key.publicKey, line.signature, utf8(note.text)))) return true;
  }
  return false;
}
