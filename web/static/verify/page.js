// The page of /verify: draws an answer, and the lists that it stands on. Texts come with the page.

import { grouped } from "./paths.js";

const SHANGHAI_MS = 8 * 3600 * 1000; // no summer time there
const TIBETAN = /[\u0f00-\u0fff]/;
const CHINESE = /[\u3400-\u9fff]/;
const FORGERIES = ["forged", "unknown-key", "out-of-scope"];

const given = JSON.parse(document.getElementById("given").textContent);

/** What came with the page: root key, addresses, telephone number. */
export const { root, language, scripts, phone, clocks_differ_ms: clocksDiffer } = given;

/** A text of the page, its gaps filled. */
export function say(key, params = {}) {
  const text = key.split(".").reduce((part, name) => part?.[name], given.texts) ?? key;
  return text.replace(/%\((\w+)\)s|\{(\w+)\}/g, (gap, one, other) => params[one ?? other] ?? gap);
}

/** A moment as people here read it: Shanghai time to the minute, never broken over two lines. */
export const shown = (at) =>
  new Date(at + SHANGHAI_MS).toISOString().slice(0, 16).replace("T", "\u00a0").replace(/-/g, "-\u2060");

/** An element with attributes and children; texts in another script are marked with it. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null).map(inItsTongue));
  return element;
}

function inItsTongue(child) {
  if (typeof child !== "string") return child;
  const tongue = TIBETAN.test(child) ? "bo" : language === "en" && CHINESE.test(child) ? "zh-CN" : null;
  if (!tongue) return child;
  const span = document.createElement("span");
  span.lang = tongue;
  span.textContent = child;
  return span;
}

// --- the answer ---------------------------------------------------------------------------------

/** The answer, drawn: what is wrong comes first and large. */
export function drawAnswer(answer) {
  const parts = [alarm(answer), product(answer), questions(answer), fullPage(answer)];
  return parts.filter((part) => part !== null);
}

function alarm(answer) {
  const about = alarmOf(answer);
  if (about === null) return null;
  const [kind, key, params] = about;
  const section = make("section", { class: `alarm ${kind}`, role: "alert", "data-about": key });
  section.append(make("h2", {}, say(`alarms.${key}.title`)), make("p", { class: "do" }, say(`alarms.${key}.do`, params)));
  if (answer.fault) section.append(make("p", {}, say(`faults.${answer.fault.kind}`, answer.fault.params)));
  if (kind !== "unknown") section.append(calls());
  return section;
}

/** Kind, text and gaps of what is to be said first; null where nothing is wrong. */
function alarmOf({ verdict, state, doubt, host, why }) {
  if (FORGERIES.includes(verdict)) return ["forged", verdict, {}];
  if (state) return [{ recalled: "recalled", voided: "voided" }[state] ?? "held", state, {}];
  if (verdict === "other-host") return ["held", verdict, { host }];
  if (verdict === "unchecked") return ["unknown", why, {}];
  if (["revoked-key", "newer-format", "malformed", "mistyped"].includes(verdict)) return ["unknown", verdict, {}];
  return doubt ? ["unknown", doubt, {}] : null;
}

const calls = () =>
  make("p", { class: "calls" }, make("a", { href: `tel:${phone}` }, make("span", {}, say("call")), " ", make("b", {}, phone)));

function product({ path }) {
  if (!path) return null;
  const header = make("header", { class: "product" });
  header.append(make("h2", { class: "code" }, path.code ? grouped(path.code) : path.lot));
  header.append(make("p", { class: "kind" }, path.code ? say("trace-code") : `${say("lot")} · GTIN ${path.gtin}`));
  if (path.serial) header.append(make("p", { class: "kind" }, say("serial"), " ", make("b", { class: "code" }, grouped(path.serial))));
  return header;
}

function questions(answer) {
  if (!["good", "typed", "unsigned", "revoked-key"].includes(answer.verdict)) return null;
  const section = make("section", { class: "answers", "aria-label": say("questions") });
  section.append(issued(answer), wrong(answer), copied(answer));
  return section;
}

const article = (tone, question, answer, means) =>
  make("article", { class: tone, "data-question": question },
    make("h3", {}, say(`${question}.question`)), make("p", { class: "answer" }, answer), make("p", { class: "means" }, means));

function issued({ verdict, issuer, doubt, directoryOf }) {
  if (issuer === undefined || issuer === null) return article("unsaid", "issued", say("issued.unsigned"), say("issued.unsigned-means"));
  const by = say("issued.by-directory", { time: shown(directoryOf) });
  if (verdict === "revoked-key") return article("care", "issued", say("issued.revoked", { issuer }), by);
  return article(doubt ? "care" : "good", "issued", say("issued.good", { issuer }), `${say("issued.good-means")} ${by}`);
}

function wrong({ verdict, state, doubt, asOf, isGood }) {
  const time = asOf === null ? "" : shown(asOf);
  if (state) return article("wrong", "wrong", say(`wrong.${state}`), say("wrong.as-of", { time }));
  if (doubt) return article("care", "wrong", say("wrong.unknown"), asOf === null ? say("wrong.no-list") : say("wrong.old-list", { time }));
  if (isGood) return article("good", "wrong", say("wrong.clear", { time }), say("wrong.clear-means"));
  const means = verdict === "revoked-key" ? say("wrong.clear-means") : say("wrong.unlisted-means");
  return article("unsaid", "wrong", say("wrong.unlisted", { time }), means);
}

function copied({ path }) {
  const [answer, means] = path.serial ? ["copied.offline", "copied.offline-means"] : ["copied.batch", "copied.batch-means"];
  return article("unsaid", "copied", say(answer), say(means));
}

/** The way to the whole page, at the code's own path on this site. */
function fullPage({ verdict, path, text }) {
  if (!path || verdict === "newer-format") return null;
  const isSigned = !["typed", "unsigned"].includes(verdict);
  const href = isSigned ? text.replace(/^[^:]+:\/\/[^/]+/, "").replace(/[?#].*$/, "") : path.text;
  const link = make("a", { class: "button", href }, say("full-page"));
  return make("p", { class: "more" }, link, make("span", { class: "small" }, ` ${say("needs-network")}`));
}

// --- the lists ----------------------------------------------------------------------------------

/** What the phone keeps, with its dates; `doubt` as of now. */
export function drawLists({ directory, status, trouble }, doubt) {
  const rows = make("dl", { class: "rows" });
  const row = (name, value) => rows.append(make("div", {}, make("dt", {}, name), make("dd", {}, value)));
  row(say("lists.directory"), directory
    ? say("lists.directory-of", { seq: directory.seq, time: shown(directory.issued), until: shown(directory.expires) })
    : say("lists.none"));
  row(say("lists.status"), status
    ? say("lists.status-of", { seq: status.seq, time: shown(status.asOf), until: shown(status.nextBy) })
    : say("lists.none"));
  const parts = [rows];
  if (trouble && trouble.kind !== "no-network") {
    parts.push(make("p", { class: "notice wrong", role: "status", "data-trouble": trouble.kind }, say(`trouble.${trouble.kind}`, trouble.params)));
  }
  if (doubt) parts.push(make("p", { class: "notice", role: "status", "data-doubt": doubt }, say(`alarms.${doubt}.do`)));
  return parts;
}
