// Labels handed from a phone to its printer's own app, some at a time. Without this script, and on
// devices that cannot share pictures, the links beside the buttons give the same files.
"use strict";

(() => {
  const asked = new File([new Uint8Array(1)], "1.png", { type: "image/png" });
  if (!navigator.canShare || !navigator.canShare({ files: [asked] })) return;

  async function picture(link) {
    const answer = await fetch(link.href, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    return new File([await answer.blob()], link.download, { type: "image/png" });
  }

  for (const group of document.querySelectorAll("[data-share]")) {
    const button = document.createElement("button");
    const said = document.createElement("span");
    let files = null;
    button.type = "button";
    button.textContent = group.dataset.share;
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      button.disabled = true;
      said.textContent = "";
      try {
        files ??= await Promise.all([...group.querySelectorAll("a[download]")].map(picture));
        await navigator.share({ files });
        said.textContent = group.dataset.shared;
      } catch (error) {
        // who closes the list of apps has not failed; a press that came too long ago is asked for anew
        if (error.name === "NotAllowedError") said.textContent = group.dataset.again;
        else if (error.name !== "AbortError") said.textContent = group.dataset.failed;
      }
      button.disabled = false;
    });
    group.prepend(button, " ", said, " ");
    for (const pictures of group.querySelectorAll("details")) pictures.open = false;
  }
})();
