// The page of /check: fetches a passport and the log's key, checks each value here, and shows which
// are proven. Texts come with the page.

import { Refused } from "../verify/bytes.js";
import { keysFor } from "../verify/directory.js";
import { setFallback } from "../verify/ed25519.js";
import { lists, open, renew } from "../verify/lists.js";
import { language, make, root, say, scripts } from "../verify/page.js";
import { valueAt, patternOf } from "./pointers.js";
import { verifyPassport } from "./passport.js";

const button = document.getElementById("go");
const said = document.getElementById("said");
const table = document.getElementById("checked");

setFallback(scripts.signatures);
button.hidden = false;
document.getElementById("unscripted").hidden = true;
button.addEventListener("click", () => check());
if (location.hash === "#now") check();

async function check() {
  button.disabled = true;
  said.textContent = say("working");
  table.replaceChildren();
  try {
    const passport = await fetched(button.dataset.passport);
    const found = await verifyPassport(passport, await logKeys());
    tell(passport, found);
  } catch (error) {
    said.dataset.outcome = "refused";
    said.textContent = error instanceof Refused ? say("refused", { why: whyOf(error) }) : say("no-network");
    if (!(error instanceof Refused)) console.error(error);
  } finally {
    button.disabled = false;
  }
}

const whyOf = (refused) => say(`why.${refused.kind}`, refused.params);

async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Refused("no-proofs");
  return answer.json();
}

/** The keys of the log, out of the directory that the root key of the first visit signs. */
async function logKeys() {
  await open(root);
  await renew();
  const keys = lists.directory ? keysFor(lists.directory, "log") : [];
  if (!keys.length) throw new Refused("no-key");
  return keys;
}

function tell(passport, { checkpoints, fields }) {
  const shown = fields.filter((one) => labelOf(one, passport) !== null);
  const wrong = shown.filter((one) => !one.proven);
  const hidden = fields.filter((one) => !one.proven && !wrong.includes(one));
  const bad = wrong.length + hidden.length;
  said.dataset.outcome = bad ? "not-proven" : "proven";
  said.textContent = bad
    ? say("some", { bad, count: shown.length + hidden.length })
    : say("all", { count: shown.length });
  const logs = checkpoints.map(({ origin, size }) => say("log", { origin, size: String(size) }));
  const rows = [...wrong, ...hidden, ...shown.filter((one) => one.proven)];
  table.replaceChildren(...logs.map((log) => make("p", { class: "small" }, log)), ...rows.map((one) => rowOf(one, passport)));
}

function rowOf(one, passport) {
  const state = one.proven ? "proven" : "not-proven";
  const row = make("div", { class: `check ${state}`, "data-shown": one.shown, "data-state": state });
  row.append(
    make("dt", {}, labelOf(one, passport) ?? one.shown),
    make("dd", {}, textOf(one.value)),
    make("dd", { class: "chip" }, say(state)),
  );
  if (!one.proven) row.append(make("dd", { class: "doubt" }, say(`why.${one.why}`, { logged: textOf(one.logged) })));
  if (one.correctedBy) row.append(make("dd", { class: "doubt" }, say("corrected")));
  return row;
}

/** What people call a value; null for names that only programs need. */
function labelOf(one, passport) {
  const about = nearest(passport, one.shown);
  if (/\/facts\/[0-9]+\/value$/.test(one.shown)) return [about, named(valueAt(passport, one.shown.replace(/value$/, "names")))].filter(Boolean).join(": ");
  const label = say(`labels.${patternOf(one.shown)}`);
  return label.startsWith("labels.") ? null : [about, label].filter(Boolean).join(": ");
}

/** The step, paper, certificate or test that a value belongs to. */
function nearest(passport, shown) {
  const match = /^\/(steps|papers|certificates|tests)\/[0-9]+/.exec(shown);
  if (!match) return null;
  const part = valueAt(passport, match[0]);
  return named(part.names) ?? part.laboratory ?? part.grouped ?? null;
}

const named = (names) => (names ? (names[language] ?? names.zh) : null);

function textOf(value) {
  if (value === undefined || value === null) return "–";
  if (typeof value !== "object") return String(value);
  if (typeof value.amount === "string") return `${value.amount} ${value.unit}`;
  if (typeof value.text === "string") return value.text;
  if (Array.isArray(value)) return value.map((one) => one?.trace_code ?? textOf(one)).join(", ");
  return Object.entries(value).map(([name, one]) => `${name}: ${textOf(one)}`).join("; ");
}
