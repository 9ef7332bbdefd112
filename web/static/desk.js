// Forms of the desk on a weak line. Everything works without this script; with it
// - a form whose connection is lost stays on the phone and is sent again under the same id,
// - photos are made smaller on the phone and follow one by one after the text was taken.
// What is kept lies in this browser's IndexedDB, with who typed it: nobody else sends it.
"use strict";

(() => {
  const LARGEST_PHOTO = 200 * 1024;
  const LONGEST_SIDE = 1600;
  const QUALITIES = [0.82, 0.7, 0.58, 0.45];
  const PATIENCE = 60_000; // ms until an answer is given up; the same id makes asking again safe
  const EVERY = 30_000;
  const DRAFT_DAYS = 7;

  const shelf = document.getElementById("kept");
  if (!shelf) return;
  const say = shelf.dataset;
  const list = shelf.querySelector("ul");

  // --- what is kept -------------------------------------------------------------------------

  const opened = new Promise((resolve, reject) => {
    const asking = indexedDB.open("suyuan-desk", 1);
    asking.onupgradeneeded = () => asking.result.createObjectStore("forms", { keyPath: "id" });
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = () => reject(asking.error);
  });
  opened.catch(() => {});

  async function store(mode, work) {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const doing = database.transaction("forms", mode);
      const asked = work(doing.objectStore("forms"));
      doing.oncomplete = () => resolve(asked && asked.result);
      doing.onerror = doing.onabort = () => reject(doing.error);
    });
  }

  const keep = (entry) => store("readwrite", (forms) => forms.put(entry));
  const drop = (id) => store("readwrite", (forms) => forms.delete(id));
  const kept = (id) => store("readonly", (forms) => forms.get(id));

  // In the order in which they were filled in: a batch goes before what happened to it.
  async function everything() {
    const entries = await store("readonly", (forms) => forms.getAll());
    return entries.sort((one, other) => one.at - other.at);
  }

  async function keepIfPossible(entry) {
    try {
      await keep(entry);
    } catch {
      // a browser that keeps nothing (private window): the form is sent all the same
    }
  }

  // --- photos -------------------------------------------------------------------------------

  async function smaller(file) {
    if (!file.type.startsWith("image/")) return { name: file.name, blob: file };
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return { name: file.name, blob: file }; // the server says what is wrong with it
    }
    let scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    for (;;) {
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      for (const quality of QUALITIES) {
        const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
        if (blob && blob.size <= LARGEST_PHOTO) {
          return { name: file.name.replace(/\.\w+$/, "") + ".jpg", blob };
        }
      }
      scale *= 0.7;
    }
  }

  const fileInputs = (form) => [...form.querySelectorAll("input[type=file][data-photos]")];

  async function photosOf(form) {
    const files = fileInputs(form).flatMap((input) => [...input.files]);
    if (!files.length) return [];
    tell(form, say.shrinking);
    const photos = [];
    for (const file of files) photos.push(await smaller(file));
    return photos;
  }

  // --- sending ------------------------------------------------------------------------------

  // What the network or the server's state forbids for now, as apart from what is wrong.
  class Later extends Error {}
  class SignIn extends Error {}
  class Wrong extends Error {}

  async function ask(address, options) {
    const patience = new AbortController();
    const giveUp = setTimeout(() => patience.abort(), PATIENCE);
    let answer;
    try {
      answer = await fetch(address, {
        ...options,
        headers: { Accept: "application/json", ...(options && options.headers) },
        redirect: "manual",
        cache: "no-store",
        signal: patience.signal,
      });
    } catch {
      throw new Later();
    } finally {
      clearTimeout(giveUp);
    }
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignIn();
    if (answer.status >= 500 || answer.status === 429) throw new Later();
    let said = {};
    try {
      said = await answer.json();
    } catch {
      // an error page instead of an answer
    }
    if (!answer.ok) throw new Wrong(Object.values(said.faults || {}).join(" ") || say.fault);
    return said;
  }

  async function post(address, token, fields, photos) {
    const body = new FormData();
    body.append("csrf_token", token);
    for (const [name, value] of fields) if (name !== "csrf_token") body.append(name, value);
    for (const photo of photos) body.append("photos", photo.blob, photo.name);
    return ask(address, { method: "POST", body });
  }

  // The text first; then it is acknowledged, and its photos follow.
  async function sendText(entry, token) {
    const said = await post(entry.action, token, entry.fields, entry.whole ? entry.photos : []);
    if (entry.whole || !said.photos || !entry.photos.length) {
      await drop(entry.id).catch(() => {});
    } else {
      Object.assign(entry, { state: "photos", photosTo: said.photos, fields: [] });
      await keepIfPossible(entry);
    }
    return said;
  }

  async function sendPhotos(entry, token) {
    while (entry.photos.length) {
      await post(entry.photosTo, token, [], [entry.photos[0]]);
      entry.photos.shift();
      await keepIfPossible(entry);
    }
    await drop(entry.id);
  }

  async function sendKept() {
    const waiting = (await everything()).filter(
      (entry) => entry.who === say.who && ["waiting", "photos"].includes(entry.state),
    );
    if (!waiting.length) return;
    let token;
    try {
      const told = await ask(say.token);
      if (told.who !== say.who) return;
      token = told.csrf_token;
    } catch (error) {
      if (error instanceof SignIn) shelf.dataset.note = say.signin;
      return;
    }
    for (const entry of waiting) {
      try {
        shown.sending = entry.id;
        await show();
        if (entry.state === "waiting") await sendText(entry, token);
        if (entry.state === "photos") await sendPhotos(entry, token);
      } catch (error) {
        if (!(error instanceof Wrong)) break;
        entry.wrong = error.message;
        entry.state = entry.state === "photos" ? "lost-photos" : "wrong";
        await keepIfPossible(entry);
      } finally {
        shown.sending = null;
      }
    }
  }

  let working = false;
  async function work() {
    if (working) return;
    working = true;
    shelf.dataset.at = "work";
    try {
      // one tab at a time; the ids make it safe, this makes it cheap
      if (navigator.locks) {
        await navigator.locks.request("suyuan-desk", { ifAvailable: true }, (lock) =>
          lock ? sendKept() : null,
        );
      } else {
        await sendKept();
      }
    } catch {
      // nothing can be kept here, so nothing waits
    } finally {
      working = false;
      await show().catch(() => {});
      shelf.dataset.at = "rest";
    }
  }

  // --- showing ------------------------------------------------------------------------------

  const shown = { sending: null };

  function element(name, text, more) {
    return Object.assign(document.createElement(name), { textContent: text, ...more });
  }

  async function show() {
    const entries = (await everything()).filter((entry) => entry.state !== "draft");
    shelf.hidden = !entries.length;
    list.replaceChildren(...entries.map(asLine));
    if (shelf.dataset.note && entries.length) list.append(element("li", shelf.dataset.note));
  }

  function asLine(entry) {
    const line = element("li", "");
    line.dataset.id = entry.id;
    line.dataset.state = entry.state;
    const own = entry.who === say.who;
    const words = { waiting: say.waiting, photos: say.photos };
    const state = shown.sending === entry.id ? say.sending : words[entry.state] || say.wrong;
    line.append(element("b", own ? entry.title : "…"), element("span", own ? state : say.other));
    if (!own) return line;
    if (entry.wrong) line.append(element("span", entry.wrong, { className: "fault" }));
    if (entry.state === "wrong") {
      line.append(button(say.mend, () => openAgain(entry)));
    }
    if (entry.state !== "photos") {
      line.append(button(say.drop, async () => {
        if (confirm(say.sure)) await drop(entry.id).then(show);
      }));
    }
    return line;
  }

  const button = (text, onclick) =>
    element("button", text, { type: "button", className: "quiet", onclick });

  // Have the server draw the form again with what was typed and what is wrong with it.
  async function openAgain(entry) {
    const told = await ask(say.token).catch(() => null);
    if (!told) return;
    entry.state = "draft";
    await keep(entry);
    const form = element("form", "", { method: "post", action: entry.action, hidden: true });
    const fields = entry.fields.filter(([name]) => name !== "csrf_token");
    for (const [name, value] of [...fields, ["csrf_token", told.csrf_token]]) {
      form.append(element("textarea", "", { name, value }));
    }
    document.body.append(form);
    HTMLFormElement.prototype.submit.call(form);
  }

  function tell(form, text) {
    let note = form.querySelector(".doing");
    if (!note) {
      note = element("p", "", { className: "doing" });
      note.setAttribute("role", "status");
      form.append(note);
    }
    note.textContent = text;
  }

  // --- forms --------------------------------------------------------------------------------

  const idOf = (form) => form.elements.namedItem("id").value;

  async function entryOf(form) {
    const id = idOf(form);
    const before = await kept(id).catch(() => undefined);
    const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    return {
      id,
      who: say.who,
      action: form.getAttribute("action") || location.pathname + location.search,
      title: form.dataset.keep,
      fields,
      photos: before ? before.photos : [],
      whole: form.hasAttribute("data-whole"),
      state: "waiting",
      at: Date.now(),
    };
  }

  // Hand the form to the browser itself: the server draws it again, its photos wait here.
  async function sendPlainly(form, entry, submitter) {
    if (entry.photos.length) await keepIfPossible({ ...entry, state: "draft" });
    else await drop(entry.id).catch(() => {});
    for (const input of fileInputs(form)) input.disabled = true;
    if (submitter && submitter.name) {
      form.append(
        element("input", "", { type: "hidden", name: submitter.name, value: submitter.value }),
      );
    }
    HTMLFormElement.prototype.submit.call(form);
  }

  async function taken(form, submitter) {
    const entry = await entryOf(form);
    const plain = submitter && submitter.hasAttribute("data-plain");
    if (!plain) await keepIfPossible(entry);
    entry.photos.push(...(await photosOf(form)));
    if (plain) return sendPlainly(form, entry, submitter);
    await keepIfPossible(entry);
    tell(form, say.sending);
    try {
      const said = await sendText(entry, form.elements.namedItem("csrf_token").value);
      location.assign(said.next);
    } catch (error) {
      if (error instanceof Wrong) return sendPlainly(form, entry);
      if (error instanceof SignIn) shelf.dataset.note = say.signin;
      waits(form);
    }
  }

  // The form is safe on the phone; the next one of its kind can be filled in at once.
  function waits(form) {
    tell(form, "");
    form.hidden = true;
    const again = button(say.another, () => {
      form.elements.namedItem("id").value = newId();
      for (const input of fileInputs(form)) input.value = "";
      form.hidden = false;
      delete form.dataset.busy;
      again.remove();
      form.scrollIntoView();
    });
    form.after(again);
    show().then(() => shelf.scrollIntoView(), () => {});
  }

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function photosOnly(form) {
    const photos = await photosOf(form);
    if (!photos.length) return;
    const entry = {
      id: newId(), who: say.who, title: document.title, fields: [], photos, state: "photos",
      photosTo: form.action, at: Date.now(),
    };
    await keep(entry);
    await work();
    if (!(await kept(entry.id))) location.reload();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const keeps = form.matches("form[data-keep]");
    if (!keeps && !form.matches("form[data-photos-only]")) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    const doing = keeps ? taken(form, event.submitter) : photosOnly(form);
    doing.catch(() => HTMLFormElement.prototype.submit.call(form)).finally(() => {
      if (!keeps) delete form.dataset.busy;
    });
  });

  // A page that comes back from the browser's memory can be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.busy;
  });

  async function tellOfDrafts() {
    const oldest = Date.now() - DRAFT_DAYS * 24 * 3600 * 1000;
    for (const entry of await everything()) {
      if (entry.state !== "draft") continue;
      const form = [...document.querySelectorAll("form[data-keep]")].find(
        (one) => idOf(one) === entry.id,
      );
      if (form && entry.photos.length) {
        tell(form, say.drafts.replace("{number}", entry.photos.length));
      } else if (entry.at < oldest) {
        await drop(entry.id);
      }
    }
  }

  shelf.querySelector("[data-send-now]").addEventListener("click", work);
  addEventListener("online", work);
  setInterval(() => { if (!shelf.hidden) work(); }, EVERY);
  tellOfDrafts().catch(() => {});
  work();
})();
