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
  // An answer is followed to its end, but never so far that its question leaves the view, until the reader scrolls.
  const ABOVE = 40; // px over it, where the buttons for the whole talk lie
  let asked = 0;
  let follow = true;
  const keepUp = () => {
    const talk = document.querySelector("#talk .bubble-wrap");
    if (!talk) return;
    const questions = talk.querySelectorAll(".user-row");
    if (questions.length !== asked) follow = true;
    asked = questions.length;
    if (!follow || !asked) return;
    const question = questions[asked - 1].getBoundingClientRect().top - talk.getBoundingClientRect().top;
    talk.scrollTop = Math.min(talk.scrollHeight, talk.scrollTop + question - ABOVE);
  };
  const leave = (event) => { if (event.target.closest?.("#talk")) follow = false; };
  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    document.addEventListener(kind, leave, { passive: true });
  }
  // Gradio calls the examples a list, whose entries are buttons: to a screen reader an empty list.
  const named = () => document.querySelector("#talk .examples[role=list]")?.setAttribute("role", "group");
  // Which conversation the page shows: the server is told with each event, as it may have been started anew.
  const shownChat = () => document.querySelector("#chats .current > .open")?.dataset.chat ?? "";
  window.whoplayedShown = (values, at) => { values[at] = shownChat(); return values; };
  // Loaded again, it shows the same one, as light or dark as it was; in a browser that keeps something for the page.
  const stored = (place, name, ...value) => {
    try { return value.length ? window[place].setItem(name, value[0]) : window[place].getItem(name); } catch { return null; }
  };
  const dark = (on) => document.body.classList.toggle("dark", on);
  window.whoplayedDark = () => stored("localStorage", "dark", dark() ? "yes" : "no");
  if (stored("localStorage", "dark")) dark(stored("localStorage", "dark") === "yes");
  let before = stored("sessionStorage", "chat");
  let noted = "";
  const stay = () => {
    if (before) {
      if (!document.querySelector("#chats :is(ul, .small)")) return; // the list is not here yet
      document.querySelector(`#chats .open[data-chat="${CSS.escape(before)}"]`)?.click();
      before = null;
    } else if (noted !== shownChat()) stored("sessionStorage", "chat", noted = shownChat());
  };
  new MutationObserver(() => { keepUp(); named(); stay(); }).observe(document.body, { childList: true, subtree: true, characterData: true });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy], [data-copy-link]");
    if (!button) return;
    const { copy, copyLink } = button.dataset;
    await write(copy ?? new URL(copyLink, document.baseURI).href);
    const label = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 1500);
  });
  // The map says at once what the pointer or a finger is on; the browser's own way takes a second, or never comes.
  const said = document.createElement("div");
  said.className = "map-said";
  said.hidden = true;
  document.body.append(said);
  document.addEventListener("pointerover", (event) => {
    const dot = event.target.closest?.(".map circle");
    said.hidden = !dot;
    if (!dot) return;
    said.textContent = dot.querySelector("title").textContent;
    const { right, top } = dot.getBoundingClientRect();
    said.style.left = `${Math.min(right + 6, window.innerWidth - said.offsetWidth - 8)}px`;
    said.style.top = `${Math.max(top - 30, 8)}px`;
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
  // The keyboard stays where it can go on when what had it is replaced: at the box, or at the chat acted on.
  const box = () => document.querySelector("#question textarea");
  window.whoplayedEmpty = () => {
    const written = box();
    written.value = "";
    waiting = null;
    written.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const next = {
    open: () => box(),
    share: () => document.querySelector("#chat-link a"),
    delete: () => document.querySelector("#chats .open") ?? document.querySelector("#new-chat"),
    clear: () => document.querySelector("#new-chat"),
  };
  const acted = (act, chat) => {
    const goOn = () => {
      if (document.activeElement !== document.body) return; // what had it is still there, or the reader moved on
      (next[act]?.() ?? document.querySelector(`#chats summary[data-chat="${chat}"]`))?.focus();
    };
    const looking = setInterval(goOn, 100);
    const stop = () => clearInterval(looking);
    setTimeout(stop, 30000);
    setTimeout(() => { for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, stop, { once: true }); }, 0);
  };
  // Before Gradio's own listeners, which take what was clicked away.
  document.addEventListener("click", (event) => {
    const touched = !window.matchMedia("(hover: hover)").matches; // there the box would bring up a keyboard
    if (event.target.closest?.(".skip")) { event.preventDefault(); box()?.focus(); }
    const button = event.target.closest?.("#chats [data-act]");
    if (button && !(touched && button.dataset.act === "open")) acted(button.dataset.act, button.dataset.chat);
    if (!touched && event.target.closest?.("#talk .option, #talk .example, #new-chat")) {
      setTimeout(() => box()?.focus({ preventScroll: true }), 0);
    }
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("#chats form");
    if (form) acted("rename", form.dataset.chat);
  });
  // A stop within that time of the question waits for its end: Gradio has no number yet of what is to be stopped.
  const NUMBERED = 500; // ms
  let askedAt = -NUMBERED;
  document.addEventListener("click", (event) => {
    const stop = event.target.closest?.("#question .stop-button");
    const at = askedAt, left = NUMBERED - (performance.now() - at);
    if (!stop || left <= 0) return;
    event.stopImmediatePropagation();
    setTimeout(() => { if (at === askedAt) stop.click(); }, left);
  }, true);
  // The question is on its way: the box is empty for the next one. Gradio has read it by then.
  window.whoplayedAsked = () => {
    askedAt = performance.now();
    setTimeout(window.whoplayedEmpty, 0);
  };
  // Another conversation is wanted: the box is empty for it at once, and what is asked before it is there waits in the box,
  // as it would go to the one before. Where none comes, it stays there, and a new one is made before the next question.
  const LOOK = 50; // ms between two looks whether an answer has ended
  const PATIENCE = 5000; // ms for an answer to end that was stopped
  const NEW = '#new-chat, #talk [aria-label="Clear"], #chats [data-act="open"], #chats [data-act="clear"], #chats [data-act="delete"]';
  const answering = () => document.querySelector("#talk > .wrap.minimal:not(.hide)"); // as in style.css
  let leaving = 0; // changes on their way
  let waiting = null; // the button to press after them, if it is still the same
  let owed = false; // a new conversation was wanted and did not come
  const goOn = () => {
    if (leaving || !waiting) return;
    if (answering()) { setTimeout(goOn, LOOK); return; }
    const { button, text } = waiting;
    waiting = null;
    if (button.isConnected && button.textContent === text) button.click();
  };
  const hold = (event, button) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = { button, text: button.textContent };
    if (!leaving) document.querySelector("#new-chat").click();
  };
  window.whoplayedLeaves = (values) => { leaving += 1; return values; };
  window.whoplayedLeft = (there, fresh) => {
    leaving -= 1;
    if (fresh) owed = !there;
    if (!there) waiting = null;
    setTimeout(goOn, 0); // the list shows by then which conversation it is
  };
  // An answer under way would come to the page all the same: it is stopped, and the button pressed when it has ended.
  const stopFirst = (pressed) => {
    const { act, chat } = pressed.dataset;
    const again = () => pressed.isConnected ? pressed : document.querySelector(`#chats [data-act="${act}"][data-chat="${chat}"]`);
    const until = performance.now() + PATIENCE;
    const look = () => {
      if (answering() && performance.now() < until) { setTimeout(look, LOOK); return; }
      again()?.click();
      setTimeout(() => { leaving -= 1; goOn(); }, LOOK); // whoplayedLeaves has come by then
    };
    leaving += 1;
    document.querySelector("#question .stop-button").click();
    setTimeout(look, LOOK);
  };
  document.addEventListener("click", (event) => {
    const pressed = event.isTrusted && event.target.closest?.(NEW);
    if (!pressed || (pressed.dataset.act === "delete" && pressed.dataset.chat !== shownChat())) return;
    window.whoplayedEmpty();
    owed = false;
    if (!answering()) return;
    event.stopImmediatePropagation();
    stopFirst(pressed);
  }, true);
  document.addEventListener("keypress", (event) => {
    const asks = event.key === "Enter" && !event.shiftKey && event.target === box();
    if (asks && (leaving || owed)) hold(event, document.querySelector("#question .submit-button"));
  }, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#question .submit-button, #talk .example, #talk .option");
    if (button && (leaving || (owed && button.closest("#question")))) hold(event, button);
  }, true);
  // "/" goes to the box from anywhere, Escape folds an open menu of the list.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && box()?.offsetParent) {
      event.preventDefault();
      box().focus();
    }
    const tab = event.target.closest?.('[role="tab"]');
    if (tab && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      const tabs = [...tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')];
      tabs[(tabs.indexOf(tab) + (event.key === "ArrowRight" ? 1 : tabs.length - 1)) % tabs.length].focus();
    }
    const menu = event.key === "Escape" && event.target.closest?.("#chats details[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
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
