// Asking: the question and those that wait, what a screen reader hears, the keys.
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const box = () => find("#question textarea, #question input");
  const plain = (text) => text.replace(/\s+/g, " ").trim();

  // What is asked now, and where to look for it.

  let question = "";

  function begin(words) {
    question = words;
    articleQA.closeWhere();
    return articleQA.where();
  }

  // The question

  function setQuestion(text, { ask = false, focus = true } = {}) {
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
    if (focus) box().focus();
    if (ask) setTimeout(() => find("#question .submit-button")?.click(), 50);
  }

  function focusQuestion() {
    if (box()?.offsetParent) return box().focus();
    // It is hidden while another panel is shown.
    find("[role=tab]")?.click();
    setTimeout(() => box()?.focus(), 50);
  }

  // Asked again after each refresh, and shown among the saved questions.
  async function keepAsking(button) {
    const asked = JSON.parse(find("[data-again]", button.closest(".said")).dataset.again);
    const { since, until, sources, undated, collections, question: words } = asked;
    const body = { question: words, since: since || null, until: until || null, sources, undated, collection: collections };
    const said = find("[role=status]", button.parentElement);
    said.textContent = _("Saving …");
    const reply = await fetch(articleQA.at("/api/questions"), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    if (!reply.ok) {
      said.textContent = (await reply.json()).error;
      return;
    }
    const link = document.createElement("a");
    link.href = `digest#${(await reply.json()).id}`;
    link.textContent = _("Saved questions");
    said.replaceChildren(_("Saved."), " ", link);
  }

  // Questions that wait for the answer before them; what is being typed meanwhile comes back.

  const waiting = [];
  let typed = "";
  const busy = () => Boolean(find("#now, #question .stop-button"));

  function showWaiting() {
    let list = find("#waiting");
    if (!list) {
      list = document.createElement("ul");
      list.id = "waiting";
      list.setAttribute("aria-label", _("Questions that wait"));
      find("#composer").prepend(list);
    }
    list.replaceChildren(...waiting.map((text, at) => {
      const [line, said, drop] = ["li", "span", "button"].map((tag) => document.createElement(tag));
      said.textContent = _("Next: %(question)s", { question: text });
      drop.type = "button";
      drop.textContent = "✕";
      drop.setAttribute("aria-label", _("Do not ask: %(question)s", { question: text }));
      drop.addEventListener("click", () => {
        waiting.splice(at, 1);
        showWaiting();
        box().focus();
      });
      line.append(said, drop);
      return line;
    }));
  }

  function wait() {
    waiting.push(box().value.trim());
    setQuestion("");
    showWaiting();
    articleQA.closeWhere();
  }

  function askNext() {
    if (!waiting.length || busy() || !find("#question .submit-button") || !find("#now-asked .turn")) return;
    typed = box().value;
    setQuestion(waiting.shift(), { ask: true });
    showWaiting();
  }

  // What a screen reader hears

  const live = document.createElement("div");
  live.id = "live";
  live.className = "hidden";
  live.setAttribute("role", "status");
  live.setAttribute("aria-live", "polite");
  document.addEventListener("DOMContentLoaded", () => document.body.append(live));
  let announced = "";

  function announce(words) {
    if (words === announced) return;
    announced = live.textContent = words;
  }

  function announceTurn(turn) {
    const answer = find(".answer", turn);
    if (turn.id === "now") {
      const passages = answer.dataset.found;
      return announce(passages ? ngettext("%(num)s passage found", "%(num)s passages found", Number(passages)) : _("Searching"));
    }
    const said = answer.cloneNode(true);
    for (const mark of said.querySelectorAll("sup, .support")) mark.remove();
    announce(plain([...said.querySelectorAll("p, h3, li")].map((part) => part.textContent).join(" ")));
  }

  // The answer is where one looks: its question comes to the top, once.

  let brought = "";

  function watch() {
    const turn = find("#now-asked .turn");
    if (turn) announceTurn(turn);
    if (turn?.id === "now") {
      if (typed) setQuestion(typed, { focus: false });
      typed = "";
      // The answers before it are put above it a moment later.
      const place = `${question} ${document.querySelectorAll("#past .turn").length}`;
      if (brought !== place) turn.scrollIntoView({ block: "start", behavior: "smooth" });
      brought = place;
    } else {
      brought = "";
      askNext();
    }
  }
  new MutationObserver(watch).observe(document.documentElement, { childList: true, subtree: true });

  // Keys

  const KEYS = [["/", _("to the question")], [_("Enter"), _("ask; while an answer comes: ask next")], ["↑", _("the last question once more")], [_("Esc"), _("close what is open, else stop the answer")], ["← →", _("from one tab to the other")], ["?", _("these keys")]];

  function showKeys() {
    let dialog = find("#keys");
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.id = "keys";
      dialog.setAttribute("aria-label", _("Keyboard shortcuts"));
      const [title, list, close] = ["h2", "dl", "button"].map((tag) => document.createElement(tag));
      title.textContent = _("Keyboard shortcuts");
      for (const [key, does] of KEYS) {
        const [term, what] = ["dt", "dd"].map((tag) => document.createElement(tag));
        term.textContent = key;
        what.textContent = does;
        list.append(term, what);
      }
      close.textContent = _("Close");
      close.addEventListener("click", () => dialog.close());
      dialog.append(title, list, close);
      document.body.append(dialog);
    }
    dialog.showModal();
  }

  function changeTab(event) {
    const tabs = [...document.querySelectorAll("[role=tab]")].filter((tab) => tab.offsetParent && !tab.closest("[aria-hidden=true]"));
    const at = tabs.indexOf(event.target);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    tab.focus();
    tab.click();
  }

  // Before Gradio hears of it: it would drop a question while another one runs.
  document.addEventListener("keydown", (event) => {
    if (event.target !== box()) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && busy()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.target.value.trim()) wait();
    } else if (event.key === "ArrowUp" && !event.target.value) {
      const last = question || [...document.querySelectorAll(".turn .question")].pop()?.textContent;
      if (!last) return;
      event.preventDefault();
      setQuestion(last);
    }
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches?.("[role=tab]")) changeTab(event);
    if (event.key === "Escape" && busy() && !find("dialog[open]")) find("#question .stop-button")?.click();
    if (event.target.matches?.("input, textarea, select, [contenteditable]")) return;
    if (event.key === "/") {
      event.preventDefault();
      focusQuestion();
    } else if (event.key === "?" && !find("dialog:modal")) showKeys();
  });

  // Under an answer

  async function copyAnswer(button) {
    const said = find("[role=status]", button.parentElement);
    const { conversation } = find(".feedback", button.closest(".said")).dataset;
    const reply = await fetch(`api/conversations/${conversation}/export?form=text&number=${button.dataset.copy}`);
    said.textContent = reply.ok && (await copyText(await reply.text())) ? _("Copied, with its sources.") : _("That could not be copied.");
  }

  // Where the page is not served over https, browsers have no clipboard but that of selections.
  async function copyText(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
    const held = document.createElement("textarea");
    held.value = text;
    document.body.append(held);
    held.select();
    const done = document.execCommand("copy");
    held.remove();
    return done;
  }

  document.addEventListener("click", async (event) => {
    const at = (selector) => event.target.closest?.(selector);
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    let found;
    if ((found = at("[data-example]"))) setQuestion(found.dataset.example, { ask: true });
    else if ((found = at("[data-everywhere]"))) {
      // Days that it names alone were searched are no limit either.
      articleQA.setWhere({ window: !("allDays" in found.dataset) });
      setQuestion(JSON.parse(find("[data-again]", found.closest(".said")).dataset.again).question, { ask: true });
    } else if ((found = at("[data-field], [data-edit], [data-repeat]"))) {
      const asked = JSON.parse(find("[data-again]", found.closest(".said")).dataset.again);
      setQuestion(asked.question, { ask: found.matches("[data-repeat]") });
      articleQA.setWhere(asked, found.dataset.field);
    } else if ((found = at("[data-keep-asking]"))) keepAsking(found);
    else if ((found = at("[data-copy]"))) copyAnswer(found);
    else if ((found = at("a[data-link]"))) {
      event.preventDefault();
      history.replaceState(history.state, "", found.href);
      const said = (await copyText(found.href)) ? _("Link copied; who may read here can open it.") : found.href;
      find("[role=status]", found.parentElement).textContent = said;
    } else if (at("#show-keys")) showKeys();
    else if (at("a.skip")) {
      event.preventDefault();
      focusQuestion();
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.closest?.("#where")) return;
    event.preventDefault();
    if (!box().value.trim()) box().focus();
    else if (busy()) wait();
    else find("#question .submit-button")?.click();
  });

  // What was asked last comes back when it is stopped.
  Object.assign(articleQA, { begin, asked: () => question });
})();
