// Bytes and their writings. What is read must be written the one way: nothing is mended.

/** What is said of data that cannot be believed. `kind` is one of the texts of the page. */
export class Refused extends Error {
  constructor(kind, params = {}) {
    super(kind);
    this.kind = kind;
    this.params = params;
  }
}

const encoder = new TextEncoder();
const LONE_SURROGATE = /[\ud800-\udfff]/u;

export const utf8 = (text) => encoder.encode(text);

export const isWritable = (text) => !LONE_SURROGATE.test(text);

/** The text of UTF-8 bytes, a byte order mark kept. Refuses other bytes. */
export function readUtf8(data) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new Refused("not-readable");
  }
}

export const hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const equal = (one, other) =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Standard base64 with padding (RFC 4648 section 4). */
export const writeBase64 = (data) => btoa(String.fromCharCode(...data));

/** The bytes of base64 that is written the one way: no spaces, unused bits zero. */
export function readBase64(text) {
  let data;
  try {
    data = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw new Refused("not-readable");
  }
  if (writeBase64(data) !== text) throw new Refused("not-readable");
  return data;
}
