// The label as it is being chosen. Without this script a button shows it; with it each change does.
// What is shown comes from the page that the button would have brought: there is one way to draw it.
"use strict";

(() => {
  const PATIENCE = 400; // ms that nothing was typed
  const button = document.querySelector('button[name="more"][value="preview"]');
  const form = button && button.form;
  if (!form) return;
  let waiting = 0;
  let asked = 0;

  async function show() {
    const mine = ++asked;
    const fields = new FormData(form);
    fields.set("more", "preview");
    let page;
    try {
      const answer = await fetch(location.href, { method: "POST", body: fields });
      if (!answer.ok || answer.redirected) return;
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return; // no network: the button says so
    }
    const shown = page.getElementById("preview");
    if (mine === asked && shown) document.getElementById("preview").replaceWith(shown);
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, PATIENCE);
  });
})();
