() => {
  // Copy buttons of answers: one listener for all, because answers come and go.
  const write = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const box = document.createElement("textarea"); // pages not served from this machine have no clipboard
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  };
  // A new question is followed to its proof, which Gradio leaves out of sight, until the reader scrolls away.
  let asked = 0;
  let follow = true;
  const keepUp = () => {
    const talk = document.querySelector("#talk .bubble-wrap");
    if (!talk) return;
    const questions = talk.querySelectorAll(".user-row").length;
    if (questions !== asked) follow = true;
    asked = questions;
    if (follow) talk.scrollTop = talk.scrollHeight;
  };
  const leave = (event) => { if (event.target.closest?.("#talk")) follow = false; };
  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    document.addEventListener(kind, leave, { passive: true });
  }
  new MutationObserver(keepUp).observe(document.body, { childList: true, subtree: true, characterData: true });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy], [data-copy-link]");
    if (!button) return;
    const { copy, copyLink } = button.dataset;
    await write(copy ?? new URL(copyLink, document.baseURI).href);
    const label = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 1500);
  });
  // CSV buttons: the file is made here, the server gives none.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-csv]");
    if (!button) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", button.dataset.csv], { type: "text/csv" }));
    link.download = "whoplayed.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
  // On a narrow window the list covers the talk: it makes way for the conversation that was chosen from it.
  document.addEventListener("click", (event) => {
    if (window.innerWidth < 1200 && event.target.closest?.("#chats .open, #new-chat")) {
      document.querySelector("#side.open .toggle-button")?.click();
    }
  });
  // Room for the list of conversations beside the talk: it is there from the start.
  const open = () => document.querySelector("#side:not(.open) .toggle-button");
  if (window.innerWidth >= 1200) setTimeout(() => open()?.click(), 0);
}
