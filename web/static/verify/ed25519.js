// Ed25519 as the Python side has it: cofactorless, S below the order of the group, no points of
// low order. Browsers and tweetnacl each leave one of the last two to us.

import { Refused, hex, readBase64, utf8 } from "./bytes.js";

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The y of the points whose order divides 8, also where it is written with p added to it. */
const LOW_ORDER = new Set(
  [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ],
);

export function isLowOrder(point) {
  const y = point.slice(0, 32);
  y[31] &= 0x7f; // the top bit is the sign of x
  return LOW_ORDER.has(hex(y));
}

const isBelowOrder = (scalar) => BigInt("0x" + hex(scalar.slice().reverse())) < ORDER;

let fallback = null;

/** Where tweetnacl lies, for browsers that have no Ed25519 of their own; null: nowhere. */
export function setFallback(address) {
  fallback = address;
}

/** Whether `signature` is the key's bare 64-byte signature of `message`. Refuses without means. */
export async function verifies(publicKey, signature, message) {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  if (isLowOrder(publicKey) || isLowOrder(signature.subarray(0, 32))) return false;
  if (!isBelowOrder(signature.subarray(32))) return false;
  return (await isNative()) ? natively(publicKey, signature, message) : byScript(publicKey, signature, message);
}

async function natively(publicKey, signature, message) {
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, signature, message);
  } catch {
    return false; // no point of the curve
  }
}

async function byScript(publicKey, signature, message) {
  if (!fallback) throw new Refused("no-signature-check");
  try {
    await import(fallback);
  } catch {
    throw new Refused("no-signature-check");
  }
  return globalThis.nacl.sign.detached.verify(message, signature, publicKey);
}

let native = null;

/** Whether the browser checks such signatures itself: a known one says. */
export function isNative() {
  native ??= globalThis.crypto?.subtle ? natively(KNOWN.key, KNOWN.signature, KNOWN.message) : Promise.resolve(false);
  return native;
}

// signed by the key whose private bytes are all 1; only the browser's means are tried with it
const KNOWN = {
  key: readBase64("iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w="),
  signature: readBase64("w3lOvmEnbyfCGLgSrp5ke/6pOLjmL5GesAJQfg2XR9MXdSmdG+UFbTRy7s6VAhfMQTmO9n0vA+sKviVUpwzHDw=="),
  message: utf8("suyuan"),
};
