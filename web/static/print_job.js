// How far labels are that are drawn in the background. Without this script the page is loaded anew;
// with it only the bar moves, and the page is loaded once more when there is something else to say.
"use strict";

(() => {
  const EVERY = 2_000;
  const said = document.getElementById("job");
  const bar = document.getElementById("job-bar");
  const made = document.getElementById("job-made");
  if (!said || !bar || !made) return;

  async function look() {
    let page;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (!answer.ok || answer.redirected) return location.reload();
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return setTimeout(look, EVERY); // no network for now
    }
    const now = page.getElementById("job");
    const done = page.getElementById("job-bar");
    if (!now || !done || now.dataset.state !== said.dataset.state) return location.reload();
    bar.value = done.value;
    made.textContent = page.getElementById("job-made").textContent;
    return setTimeout(look, EVERY);
  }

  setTimeout(look, EVERY);
})();
