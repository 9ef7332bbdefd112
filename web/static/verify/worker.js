// The service worker of /verify: keeps the page and all that it is made of, so that it opens with
// no network. Before this text the server writes
//   const SHELL = {edition, page, pages: {language: address}, files: [address], lazy: [address]};
// Lists are not kept here: the page keeps them, and believes them by their signatures.
"use strict";

const SHELF = `suyuan-verify-${SHELL.edition}`;
const CHOICE = "suyuan-verify-choice"; // what language the page was last opened in

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

async function fill() {
  const shelf = await caches.open(SHELF);
  const wanted = [...Object.values(SHELL.pages), ...SHELL.files];
  // without cookies, so that fetching a page in a language does not choose that language
  await shelf.addAll(wanted.map((url) => new Request(url, { cache: "reload", credentials: "omit" })));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(empty().then(() => self.clients.claim()));
});

async function empty() {
  const old = (await caches.keys()).filter((name) => name.startsWith("suyuan-verify-") && ![SHELF, CHOICE].includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname === SHELL.page) event.respondWith(page(event.request, url));
  else if (isOurs(url)) event.respondWith(file(event.request, url));
});

const isOurs = (url) => [...SHELL.files, ...SHELL.lazy].includes(url.pathname + url.search);

/** The page in the language that was asked for, else in the one of last time. */
async function page(request, url) {
  const choice = await caches.open(CHOICE);
  const asked = url.searchParams.get("lang");
  const language = asked in SHELL.pages ? asked : await (await choice.match(SHELL.page))?.text();
  if (language === undefined) return fetch(request);
  if (asked in SHELL.pages) await choice.put(SHELL.page, new Response(language));
  return (await (await caches.open(SHELF)).match(SHELL.pages[language])) ?? fetch(request);
}

/** What is kept, else what the network has; what is asked for on the way is kept too. */
async function file(request, url) {
  const shelf = await caches.open(SHELF);
  const address = url.pathname + url.search;
  const kept = await shelf.match(address);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await shelf.put(address, answer.clone());
  return answer;
}

// the page says in which language it stands, and asks for what this browser will need
self.addEventListener("message", (event) => {
  const { language, lazy } = event.data;
  event.waitUntil(prepare(language, lazy).then((done) => event.ports[0]?.postMessage(done)));
});

async function prepare(language, lazy) {
  const choice = await caches.open(CHOICE);
  await choice.put(SHELL.page, new Response(language));
  try {
    for (const address of lazy) await file(new Request(address), new URL(address, self.location.origin));
    return true;
  } catch {
    return false;
  }
}
