// Who issued a code: the verdict, in the order of checking. It is matched as raw text, with no URL
// parser, because those disagree about `\`, `@` and `..`.

import { Refused, hex, utf8 } from "./bytes.js";
import { isInScope, keysWithId } from "./directory.js";
import { verifies } from "./ed25519.js";
import { parsePath } from "./paths.js";
import { stateOf } from "./status.js";

const VERSION = "1";
const STEM_BYTES = 68;
const CODE = new RegExp(
  "^([hH][tT][tT][pP][sS]?)://" +
    "((?:[0-9a-zA-Z][0-9a-zA-Z.-]{0,252}|\\[[0-9a-fA-F:.]{2,45}\\])(?::[0-9]{1,5})?)" +
    "(?:/([1-9])([0-9]{164}))?" +
    "(/(?:01|t)/[0-9A-Za-z./-]+)" +
    "(?:[?#][ -~]*)?$",
);

/** The parts of a code's text; nothing about it is verified but its writing. */
export function parseCode(text) {
  const match = CODE.exec(text);
  if (!match) throw new Refused("not-a-code");
  const [, scheme, host, version, stem, path] = match;
  const code = { scheme: scheme.toLowerCase(), host: host.toLowerCase(), path: parsePath(path), version, stem: null };
  return version === VERSION ? { ...code, stem: stemBytes(stem) } : code;
}

function stemBytes(digits) {
  const number = BigInt(digits).toString(16);
  if (number.length > 2 * STEM_BYTES) throw new Refused("number-too-large");
  const padded = number.padStart(2 * STEM_BYTES, "0");
  return Uint8Array.from({ length: STEM_BYTES }, (_, at) => parseInt(padded.slice(2 * at, 2 * at + 2), 16));
}

/**
 * The verdict about the raw text of a code: one of unsigned, malformed, newer-format, unknown-key,
 * forged, out-of-scope, other-host, revoked-key, good. What only the network can say (a revoked
 * key's print run) is left unsaid. Refuses only where signatures cannot be checked at all.
 */
export async function verify(text, directory, status = null) {
  let code;
  try {
    code = parseCode(text);
    requireScheme(code, directory);
  } catch (fault) {
    return { verdict: "malformed", fault };
  }
  const [verdict, key] = await judge(code, directory);
  const state = status ? stateOf(status, code.path) : null;
  return { verdict, path: code.path, host: code.host, issuer: key?.issuer ?? null, state };
}

function requireScheme(code, directory) {
  if (code.scheme === "http" && !directory.hosts.get(code.host)?.http) throw new Refused("not-https");
}

async function judge(code, directory) {
  if (code.version === undefined) return ["unsigned", null];
  if (code.version !== VERSION) return ["newer-format", null];
  const id = code.stem.subarray(0, 4);
  const candidates = keysWithId(directory, id);
  if (!candidates.length) return ["unknown-key", null];
  const message = utf8(`TQR1\n${hex(id)}\n${code.path.text}`);
  const key = await signer(candidates, code.stem.subarray(4), message);
  if (!key) return ["forged", null];
  if (!isInScope(key, code.path)) return ["out-of-scope", key];
  if (!directory.hosts.has(code.host)) return ["other-host", key];
  return [key.revoked ? "revoked-key" : "good", key];
}

async function signer(candidates, signature, message) {
  for (const entry of candidates) {
    if (await verifies(entry.key.publicKey, signature, message)) return entry;
  }
  return null;
}
