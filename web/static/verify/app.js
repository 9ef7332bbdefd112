// /verify: checks labels on this phone, with and without network.

import { answerAbout, doubtAbout } from "./answer.js";
import { Refused } from "./bytes.js";
import { look, stop } from "./camera.js";
import { isNative, setFallback } from "./ed25519.js";
import { forget, lists, open, renew, sawTime } from "./lists.js";
import { clocksDiffer, drawAnswer, drawLists, language, make, root, say, scripts } from "./page.js";
import { lasts } from "./shelf.js";
import { canRead, ownDetector, readPhoto, setDecoder } from "./symbol.js";

const OFTEN = 5 * 60 * 1000; // ms between two renewals while the page is open
const PATIENCE = 4000; // ms that an answer waits for newer lists, where those kept will not do

const find = (id) => document.getElementById(id);
const form = document.querySelector("form.ask");
const [video, said, result, kept] = ["picture", "said", "result", "kept"].map(find);

let asked = null; // the text of the code that is shown
let renewedAt = 0;

setFallback(scripts.signatures);
setDecoder(scripts.decoder);

// --- answering ----------------------------------------------------------------------------------

async function answer(text) {
  asked = text;
  said.replaceChildren();
  if (doubtNow() && navigator.onLine) await Promise.race([refresh(), pause(PATIENCE)]);
  await show();
  result.scrollIntoView({ block: "start" });
  result.focus({ preventScroll: true });
}

/** Draw the answer anew: the lists, or the time, are not what they were. */
async function show() {
  await sawTime(Date.now());
  drawKept();
  if (asked === null) return;
  const text = asked;
  const about = await answerAbout(text, lists, Date.now(), clocksDiffer);
  if (text !== asked) return;
  result.replaceChildren(...drawAnswer(about));
  Object.assign(result.dataset, { verdict: about.verdict, good: about.isGood, doubt: about.doubt ?? "" });
  result.hidden = false;
}

const doubtNow = () => doubtAbout(lists, Date.now(), clocksDiffer);

const drawKept = () => kept.replaceChildren(...drawLists(lists, doubtNow()));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function tell(fault) {
  if (!(fault instanceof Refused)) throw fault;
  said.replaceChildren(make("p", { class: "notice", role: "alert", "data-said": fault.kind }, say(`said.${fault.kind}`)));
}

// --- ways in ------------------------------------------------------------------------------------

form.addEventListener("submit", (event) => {
  const typed = form.elements.code.value.trim();
  if (!typed) return;
  event.preventDefault();
  answer(typed);
});

find("scan").addEventListener("click", async () => {
  said.replaceChildren();
  watching(true);
  try {
    const text = await look(video);
    if (text !== null) await answer(text);
  } catch (fault) {
    tell(fault);
  } finally {
    watching(false);
  }
});

find("stop").addEventListener("click", () => stop(video));

function watching(is) {
  find("camera").classList.toggle("watching", is);
  find("stop").hidden = find("watch").hidden = !is;
  find("scan").hidden = is;
}

find("photo").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  said.replaceChildren(make("p", { class: "notice", role: "status" }, say("said.reading")));
  try {
    const text = await readPhoto(file);
    if (text === null) throw new Refused("no-symbol");
    await answer(text);
  } catch (fault) {
    tell(fault);
  } finally {
    target.value = "";
  }
});

// --- lists --------------------------------------------------------------------------------------

async function refresh() {
  renewedAt = Date.now();
  await renew();
  await show();
  find("lists").dataset.renewed = String(renewedAt);
}

find("renew").addEventListener("click", async ({ target }) => {
  target.disabled = true;
  await refresh();
  if (lists.trouble?.kind === "no-network") tell(new Refused("no-network"));
  target.disabled = false;
});

find("forget").addEventListener("click", async () => {
  await forget();
  location.reload();
});

addEventListener("online", refresh);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") stop(video);
  else if (Date.now() - renewedAt > OFTEN) refresh();
});
setInterval(() => (navigator.onLine && Date.now() - renewedAt > OFTEN ? refresh() : show()), 30_000);

// --- use without network ------------------------------------------------------------------------

/** Keep the page and what this browser lacks. Gives whether all of it is kept. */
async function keepPage() {
  if (!navigator.serviceWorker || !(await lasts())) return false;
  await navigator.serviceWorker.register("/verify/worker.js", { scope: "/verify" });
  const { active } = await navigator.serviceWorker.ready;
  const lazy = [];
  if (!(await ownDetector()) && scripts.decoder) lazy.push(scripts.decoder);
  if (!(await isNative()) && scripts.signatures) lazy.push(scripts.signatures);
  const { port1, port2 } = new MessageChannel();
  const done = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  active.postMessage({ language, lazy }, [port2]);
  return done;
}

/** Says at once what this browser lacks, and of the page's being kept when that is decided. */
async function sayWhatWorks() {
  const lacks = [];
  if (!(await canRead())) lacks.push("no-decoder");
  if (!(await isNative()) && !scripts.signatures) lacks.push("no-signature-check");
  const tellThat = (kept) => {
    const keys = [kept, ...lacks];
    find("works").replaceChildren(...keys.map((key) => make("p", { class: "small" }, say(`works.${key}`))));
    find("works").dataset.works = keys.join(" ");
  };
  tellThat(globalThis.isSecureContext ? "keeping" : "needs-https");
  if (!globalThis.isSecureContext) return;
  tellThat((await keepPage().catch(() => false)) ? "ready" : "not-kept");
}

find("camera").hidden = find("lists").hidden = false;
await open(root);
drawKept();
await Promise.all([refresh(), sayWhatWorks()]);
