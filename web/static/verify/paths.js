// What a code says: the canonical path, and the trace code as somebody types it.

import { Refused } from "./bytes.js";

const LOT = "[0-9A-Za-z](?:[0-9A-Za-z.-]{0,18}[0-9A-Za-z])?";
const GTIN_PATH = new RegExp(`^/01/([0-9]{14})/10/(${LOT})(?:/21/([0-9]{12}))?$`);
const TRACE_PATH = /^\/t\/([0-9]{16})(?:\/([0-9]{12}))?$/;

const LENGTH = 16;
const SERIAL_LENGTH = 12;
const DIGITS = ["\uff10", "\u0f20"]; // where full-width and Tibetan digits begin
const LEFT_OUT =
  /[-\u00ad\u2010-\u2015\u2212\u30fc\ufe63\uff0d\u200b-\u200f\u2060\ufeff\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g;

/** Reads a canonical path, check digits too. */
export function parsePath(text) {
  const traced = TRACE_PATH.exec(text);
  if (traced) return tracePath(traced[1], traced[2]);
  const match = GTIN_PATH.exec(text);
  if (!match) throw new Refused("not-a-path");
  const [, gtin, lot, serial = null] = match;
  const should = gs1CheckDigit(gtin.slice(0, -1));
  if (should !== gtin.at(-1)) throw new Refused("gtin-check-digit", { is_: gtin.at(-1), should });
  const batch = `/01/${gtin}/10/${lot}`;
  return { text, batch, gtin, lot, code: null, serial };
}

function tracePath(code, serial = null) {
  requireTraceCode(code);
  const batch = `/t/${code}`;
  return { text: serial ? `${batch}/${serial}` : batch, batch, gtin: null, lot: null, code, serial };
}

/**
 * The path of a trace code as somebody typed it, with the serial where it was typed behind it.
 * Spaces and hyphens of every kind, full-width and Tibetan digits are understood, and one slash
 * between the two.
 */
export function parseTyped(typed) {
  const plain = Array.from(plainDigits(typed));
  const [code, serial] = [plain.slice(0, LENGTH), plain.slice(LENGTH)];
  const slash = serial[0] === "/";
  if (!slash && serial.length !== SERIAL_LENGTH) return tracePath(plain.join(""));
  const path = tracePath(code.join(""));
  return tracePath(path.code, requireSerial(serial.slice(slash ? 1 : 0).join("")));
}

function requireSerial(serial) {
  const character = notDigit(serial);
  if (character !== undefined) throw new Refused("serial-character", { character });
  if (serial.length !== SERIAL_LENGTH) {
    throw new Refused("serial-length", { is_: serial.length, should: SERIAL_LENGTH });
  }
  return serial;
}

const notDigit = (text) => Array.from(text).find((character) => !/[0-9]/.test(character));

function plainDigits(typed) {
  const plain = typed.replace(LEFT_OUT, "");
  return plain.replace(/[\uff10-\uff19\u0f20-\u0f29]/g, (digit) => {
    const zero = DIGITS.find((first) => digit >= first && digit.charCodeAt(0) < first.charCodeAt(0) + 10);
    return String(digit.charCodeAt(0) - zero.charCodeAt(0));
  });
}

/** Refuses all but 16 digits whose check digit is right (ISO 7064 MOD 11,10). */
function requireTraceCode(code) {
  const character = notDigit(code);
  if (character !== undefined) throw new Refused("character", { character });
  if (code.length !== LENGTH) throw new Refused("length", { is_: code.length, should: LENGTH });
  if (isoCheckDigit(code.slice(0, -1)) !== code.at(-1)) throw new Refused("check-digit");
}

function isoCheckDigit(digits) {
  let rest = 10;
  for (const digit of digits) rest = (((rest + Number(digit)) % 10 || 10) * 2) % 11;
  return String((11 - rest) % 10);
}

function gs1CheckDigit(digits) {
  let total = 0;
  for (let at = digits.length - 1, weight = 3; at >= 0; at--, weight = 4 - weight) total += Number(digits[at]) * weight;
  return String((10 - (total % 10)) % 10);
}

/** A number in groups of four: `5406 2608 4704 7297`. */
export const grouped = (digits) => digits.replace(/(.{4})(?=.)/g, "$1 ");
