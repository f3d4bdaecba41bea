// What the page does by itself: quotations on markers, the article beside the answer, feedback.
// Markup comes from the server, where every word of an article was escaped.
const articleQA = {};
(() => {
  // Where the server is among others, as "/articles"; addresses here are told without it.
  const root = new URL(document.baseURI).pathname.replace(/\/$/, "");
  articleQA.at = (address) => (address.startsWith("/") ? root + address : address);
  articleQA.path = () => location.pathname.slice(root.length) || "/";

  const find = (selector, root = document) => root.querySelector(selector);
  const wide = matchMedia("(min-width: 900px)");

  // Quotations on markers

  const tip = document.createElement("div");
  tip.id = "tip";
  // A screen reader hears the quotation through aria-describedby; this is for eyes.
  tip.setAttribute("aria-hidden", "true");
  tip.hidden = true;

  function showTip(mark) {
    const card = document.getElementById(mark.dataset.card);
    if (!card) return;
    if (!tip.isConnected) document.body.append(tip);
    const [origin, quote] = [document.createElement("p"), document.createElement("q")];
    origin.textContent = `${find(".outlet", card).textContent} · ${find("time", card)?.textContent ?? _("undated")}`;
    quote.textContent = document.getElementById(mark.getAttribute("aria-describedby")).textContent;
    tip.replaceChildren(origin, quote);
    tip.hidden = false;
    const at = mark.getBoundingClientRect();
    const width = Math.min(360, innerWidth - 16);
    tip.style.width = `${width}px`;
    tip.style.left = `${Math.max(8, Math.min(at.left - 20, innerWidth - width - 8))}px`;
    const below = at.bottom + 8 + tip.offsetHeight < innerHeight;
    tip.style.top = `${below ? at.bottom + 8 : Math.max(8, at.top - 8 - tip.offsetHeight)}px`;
    for (const other of document.querySelectorAll(".card.lit")) other.classList.remove("lit");
    card.classList.add("lit");
  }

  function hideTip() {
    tip.hidden = true;
    for (const card of document.querySelectorAll(".card.lit")) card.classList.remove("lit");
  }

  // The article beside the answer

  const reader = document.createElement("dialog");
  reader.id = "reader";
  reader.setAttribute("aria-label", _("Article"));
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.textContent = "✕";
  close.setAttribute("aria-label", _("Close the article"));
  const shown = document.createElement("div");
  shown.className = "shown";
  reader.append(close, shown);
  let opener = null;

  // The address that others are given for what a link opens.
  function sharedAddress(link) {
    const { searchParams: asked } = new URL(link, document.baseURI);
    const seal = asked.get("seal") ? `?seal=${asked.get("seal")}` : "";
    const span = asked.get("start") ? `#${asked.get("start")}-${asked.get("end")}` : "";
    const versions = ["version", "before", "after"].filter((name) => asked.get(name)).map((name) => `${name}=${asked.get(name)}`);
    const query = versions.length ? `?${versions.join("&")}` : seal;
    return articleQA.at(`/a/${encodeURIComponent(asked.get("id"))}${query}${span}`);
  }

  // From a link, or from an address gone to with "back" and "forward".
  async function openArticle(link, { from = null, visit = true } = {}) {
    hideTip();
    const reply = await fetch(link, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const article = find("main", page);
    if (!article) return;
    if (!reader.isConnected) document.body.append(reader);
    const title = find("h1", article);
    const heading = document.createElement("h2");
    heading.append(...(title?.childNodes ?? []));
    title?.replaceWith(heading);
    const held = document.createElement("article");
    held.append(...document.importNode(article, true).childNodes);
    shown.replaceChildren(held);
    if (!shown.contains(from)) opener = reader.open && reader.contains(from) ? opener : from;
    if (visit) history[reader.open ? "replaceState" : "pushState"]({ reader: true }, "", sharedAddress(link));
    // Beside the answer there is room to compare; on a phone the article takes the screen.
    if (!reader.open) {
      if (wide.matches) reader.show();
      else reader.showModal();
    }
    document.body.classList.toggle("reading", wide.matches);
    dispatchEvent(new Event("resize"));
    const mark = find("#cited", shown);
    if (mark) {
      mark.scrollIntoView({ block: "center" });
      mark.focus({ preventScroll: true });
    } else {
      shown.scrollTop = 0;
      close.focus();
    }
  }

  reader.addEventListener("close", () => {
    if (history.state?.reader) history.back();
    document.body.classList.remove("reading");
    dispatchEvent(new Event("resize"));
    refocus();
  });
  function refocus() {
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  }
  close.addEventListener("click", () => reader.close());

  function lightCard(mark) {
    for (const card of document.querySelectorAll(".card.current")) card.classList.remove("current");
    const card = document.getElementById(mark.dataset.card);
    if (!card) return;
    card.classList.add("current");
    card.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  // Feedback

  async function judge(form, verdict, better = "") {
    const said = find("[role=status]", form);
    const { conversation, number } = form.dataset;
    const reply = await fetch("api/feedback", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ conversation, number: Number(number), verdict, better }),
    });
    if (!reply.ok) {
      said.textContent = (await reply.json()).error;
      return;
    }
    said.textContent = better ? _("Thank you, kept with your answer.") : _("Thank you, kept.");
    localStorage.setItem(`judged ${conversation} ${number}`, verdict);
    showVerdict(form, verdict);
    find(".better", form).hidden = verdict === "right" || Boolean(better);
    form.dataset.verdict = verdict;
  }

  function showVerdict(form, verdict) {
    for (const button of form.querySelectorAll("[data-verdict]")) {
      button.setAttribute("aria-pressed", String(button.dataset.verdict === verdict));
    }
  }

  // Events, caught where they arrive: Gradio makes its elements anew at will.

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    let found;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if ((found = at('a.cite, a.open, #reader a[href^="article?"]'))) {
      event.preventDefault();
      if (found.matches(".cite")) lightCard(found);
      openArticle(found.href, { from: found });
    } else if ((found = at("[data-verdict]:not(form)"))) judge(found.form, found.dataset.verdict);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.(".feedback")) return;
    event.preventDefault();
    const better = event.target.elements.better.value.trim();
    if (better) judge(event.target, event.target.dataset.verdict || "wrong", better);
  });
  document.addEventListener("pointerover", (event) => {
    const mark = event.target.closest?.("a.cite");
    if (mark && event.pointerType !== "touch") showTip(mark);
  });
  document.addEventListener("pointerout", (event) => event.target.closest?.("a.cite") && hideTip());
  document.addEventListener("focusin", (event) => event.target.matches?.("a.cite:focus-visible") && showTip(event.target));
  document.addEventListener("focusout", (event) => event.target.matches?.("a.cite") && hideTip());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    hideTip();
    if (!reader.open) return;
    // Only the article is closed: what runs beside it goes on.
    event.stopImmediatePropagation();
    reader.close();
  });

  // On paper nothing can be followed: each answer has its address in words, and the day.
  addEventListener("beforeprint", () => {
    const today = new Date().toLocaleDateString(LANGUAGE, { dateStyle: "long" });
    for (const line of document.querySelectorAll(".turn .printed")) {
      const address = find("[data-link]", line.closest(".turn"))?.href ?? location.href;
      line.textContent = _("Printed on %(day)s from %(address)s", { day: today, address });
    }
  });

  // What is read out of a drop zone is what it says; what was thought of an answer is shown again.
  new MutationObserver(() => {
    for (const zone of document.querySelectorAll(".upload-container[aria-label]")) zone.removeAttribute("aria-label");
    for (const form of document.querySelectorAll(".feedback:not([data-known])")) {
      form.dataset.known = "yes";
      const verdict = localStorage.getItem(`judged ${form.dataset.conversation} ${form.dataset.number}`);
      if (verdict) showVerdict(form, verdict);
    }
  }).observe(document.documentElement, { childList: true, subtree: true });

  // Only who logged in can log out; the page has a form for it that is hidden until then.
  fetch("api/me").then((reply) => reply.json()).then((me) => {
    const reveal = () => {
      const form = find(".logout");
      if (!form) return setTimeout(reveal, 300);
      form.hidden = !me.closed;
    };
    reveal();
  });

  Object.assign(articleQA, { openArticle, reader, refocus });
})();
