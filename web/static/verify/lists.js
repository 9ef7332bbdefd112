// The key directory and the status list on this phone: taken out, renewed, never turned back.
//
// The root key comes with the page at the first visit and is kept from then on. Another one is
// believed only where a directory names it that both have signed.

import { Refused, readUtf8 } from "./bytes.js";
import { openDirectory } from "./directory.js";
import { parseVerifierKey } from "./notes.js";
import * as shelf from "./shelf.js";
import { applyDelta, isOfRevokedKey, openStatus, seqOf } from "./status.js";

const KEYS = "/.well-known/suyuan/keys";
const STATUS = "/.well-known/suyuan/status";
const PATIENCE = 20_000; // ms for one answer on a weak line
const MOST_MISSED = 200; // editions of the directory that are asked for on the way to a new root

/** What is known now: `directory` and `status` are null where there is none to be believed. */
export const lists = {
  directory: null,
  status: null,
  told: null, // what time the site said it was, and when: {site, phone}
  seen: null, // the latest time that this phone has shown since the site told one
  trouble: null, // why the last renewal brought nothing: {kind, params}
};

let root = null;
let leastDirectory = 0; // the highest number ever believed here

/** Take out what is kept. `pageRoot`: the root key that came with the page. */
export async function open(pageRoot) {
  const kept = (await shelf.take("root")) ?? { key: pageRoot, seq: 0 };
  await shelf.put("root", kept);
  root = parseVerifierKey(kept.key);
  lists.told = (await shelf.take("told")) ?? null;
  lists.seen = (await shelf.take("seen"))?.seq ?? null;
  const directory = await shelf.take("directory");
  leastDirectory = Math.max(kept.seq, directory?.seq ?? 0);
  lists.directory = await orNull(directory && openDirectory(directory.text, root));
  await reopenStatus();
  if (root.text !== pageRoot) lists.trouble = { kind: "other-root", params: {} };
}

/** Believe the kept list only as far as the directory of now does: its key may be revoked. */
async function reopenStatus() {
  const kept = lists.directory && (await shelf.take("status"));
  lists.status = await orNull(kept && openStatus(kept.text, kept.body, lists.directory));
  // its number goes with it: whoever stole the key may have counted as far as numbers go
  if (kept && !lists.status && (await isOfRevokedKey(kept.text, lists.directory))) {
    await shelf.drop("status");
  }
}

async function orNull(opening) {
  try {
    return (await opening) || null;
  } catch {
    return null; // signed by a key that has since been revoked, or spoilt
  }
}

let renewing = null;

/** Ask the site for newer lists; answers whether it gave any that could be believed. */
export function renew() {
  renewing ??= renewOnce().finally(() => (renewing = null));
  return renewing;
}

async function renewOnce() {
  try {
    await renewDirectory();
    await renewStatus();
    lists.trouble = null;
    return true;
  } catch (fault) {
    lists.trouble = fault instanceof Refused ? fault : { kind: "no-network", params: {} };
    return false;
  }
}

async function renewDirectory() {
  const text = await ask(KEYS);
  for (let missed = 0; ; missed += 1) {
    try {
      return await takeDirectory(text);
    } catch (fault) {
      if (fault.kind !== "other-root" || missed === MOST_MISSED) throw fault;
      await takeNext(fault);
    }
  }
}

/** Take the edition after the last one known: it, or one after it, may hand over to a new root. */
async function takeNext(fault) {
  const next = leastDirectory + 1;
  const text = await ask(`${KEYS}/${next}`).catch((error) => {
    throw error.status === 404 ? fault : error;
  });
  await takeDirectory(text);
  if (leastDirectory !== next) throw fault;
}

async function takeDirectory(text) {
  const directory = await named("directory", openDirectory(text, root, leastDirectory));
  if (directory.newRoot) await believe(directory);
  await shelf.put("directory", { text, seq: directory.seq });
  const isNewer = directory.seq !== lists.directory?.seq;
  leastDirectory = directory.seq;
  lists.directory = directory;
  if (isNewer) await reopenStatus();
}

/** From now on the new root alone. Its directory has the signatures of both. */
async function believe(directory) {
  root = directory.newRoot;
  await shelf.put("root", { key: root.text, seq: directory.seq });
}

async function renewStatus() {
  const text = await ask(STATUS);
  const directory = lists.directory;
  const kept = await shelf.take("status");
  if (kept?.text === text && lists.status) return;
  const seq = await named("status", seqOf(text, directory));
  const least = kept?.seq ?? 0;
  if (seq < least) throw new Refused("status-older", { is: seq, should: least });
  const body = (await bodyByDelta(text, directory, kept, seq)) ?? (await ask(`${STATUS}/${seq}`));
  lists.status = await named("status", openStatus(text, body, directory, least));
  await shelf.put("status", { text, body, seq });
}

/** The new body from the one kept and what changed since; null where that leads nowhere. */
async function bodyByDelta(text, directory, kept, seq) {
  if (!kept || kept.seq >= seq) return null;
  try {
    const body = applyDelta(kept.body, await ask(`${STATUS}/${kept.seq}-${seq}`));
    await openStatus(text, body, directory);
    return body;
  } catch {
    return null;
  }
}

/** Says of which list a refusal is. */
async function named(list, opening) {
  try {
    return await opening;
  } catch (fault) {
    if (fault.kind === "no-signature-check") throw fault;
    if (list === "directory" && fault.kind === "no-known-signature") throw new Refused("other-root");
    const told = ["older", "other-origin"].includes(fault.kind) ? fault.kind : "refused";
    throw new Refused(`${list}-${told}`, fault.params);
  }
}

async function ask(address) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PATIENCE);
  try {
    // not through the browser's cache: what was spoilt there once would come back again and again
    const answer = await fetch(address, { cache: "no-store", credentials: "omit", signal: stop.signal });
    if (!answer.ok) throw Object.assign(new Error(address), { status: answer.status });
    const text = readUtf8(await answer.arrayBuffer());
    await hear(answer.headers.get("Date"));
    return text;
  } finally {
    clearTimeout(late);
  }
}

async function hear(date) {
  // servers one behind the other may each have put a Date there
  const site = Date.parse(/^\w+, [^,]+/.exec(date ?? "")?.[0]);
  if (Number.isNaN(site)) return;
  lists.told = { site, phone: Date.now() };
  await shelf.put("told", lists.told);
  // the site knows better: a clock that once ran ahead is not held against the phone for ever
  lists.seen = null;
  await shelf.drop("seen");
}

/** Keep what time it is: a clock that is set back afterwards makes no old list a new one. */
export async function sawTime(now) {
  if (now <= (lists.seen ?? 0)) return;
  lists.seen = now;
  // of two tabs the later time stays; where nothing can be put away it holds as long as the page
  await shelf.put("seen", { seq: now }).catch(() => null);
}

/** Forget all, the root key too; the page begins anew with the one that it carries. */
export const forget = () => shelf.clear();
