// Everything has an address: conversations with their answers, articles, the panels. The side panel
// leads to conversations. Markup comes from the server, where every word was escaped.
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const CONVERSATION = /^\/c\/([0-9a-f]{16})$/;
  const PANELS = { "/library": "library", "/evaluate": "evaluate" };

  const addressed = () => CONVERSATION.exec(articleQA.path())?.[1] ?? "";
  const onScreen = () => (find("#now-asked .feedback") ?? find("#past .turn:last-of-type .feedback"))?.dataset.conversation ?? "";
  const saved = () => JSON.parse(sessionStorage.getItem("left") ?? "{}");

  // A reload loses neither the conversation, nor the place in it, nor a question without an answer.

  let restore = null;

  addEventListener("pagehide", () => {
    const asked = find("#now") ? articleQA.asked() : (find("#question textarea")?.value ?? "");
    const left = { talk: onScreen(), asked, at: location.href, y: scrollY };
    sessionStorage.setItem("left", JSON.stringify(left));
  });

  function left() {
    const before = saved();
    const same = before.at === location.href;
    restore = same ? before.y : null;
    const talk = addressed() || (articleQA.path() === "/" && !same ? "" : before.talk);
    return JSON.stringify({ talk, asked: same ? before.asked : "" });
  }

  const shown = () => JSON.stringify({ talk: addressed() });
  // The run on the screen, and what it is compared with; empty when with none.
  const chosenRuns = () => ["run", "base"].map((name) => {
    const { searchParams } = new URL(location);
    return (searchParams.has("run") ? searchParams.get(name) : find(`#${name} input`)?.value) ?? "";
  });

  // Going somewhere

  let routing = false;
  let scroll = "";
  let closed = false;
  // Going back closes the article.
  let returning = false;

  function openTab(name) {
    const tab = [...document.querySelectorAll("#panels [role=tab]")].find((each) => each.offsetParent && each.id === `${name}-button`);
    if (!tab || tab.getAttribute("aria-selected") === "true") return;
    routing = true;
    tab.click();
    routing = false;
  }

  function show({ first = false } = {}) {
    const [pathname, { hash }] = [articleQA.path(), location];
    if (pathname.startsWith("/a/")) {
      const asked = new URLSearchParams({ id: decodeURIComponent(pathname.slice(3)) });
      const span = /^#(\d+)-(\d+)$/.exec(hash);
      if (span) Object.entries({ start: span[1], end: span[2] }).forEach(([name, at]) => asked.set(name, at));
      const seal = new URLSearchParams(location.search).get("seal");
      if (span && seal) asked.set("seal", seal);
      for (const [name, value] of new URLSearchParams(location.search)) if (name !== "seal") asked.set(name, value);
      articleQA.openArticle(`article?${asked}`, { visit: false });
      return;
    }
    openTab(PANELS[pathname] ?? "ask");
    if (!PANELS[pathname]) {
      scroll = hash;
      if (!first && addressed() !== onScreen()) find("#reopen")?.click();
      // Another panel may be on the screen until then.
      else setTimeout(bring, 100);
    }
    markCurrent();
  }

  // Once they are there: the answer that the address names, or the place that was left.
  function bring() {
    const turn = scroll && document.getElementById(scroll.slice(1));
    if (restore !== null && find("#past .turn")) {
      scrollTo(0, restore);
      restore = null;
      scroll = "";
    } else if (turn?.offsetParent) {
      scroll = "";
      turn.scrollIntoView({ block: "start" });
    }
  }

  function go(address) {
    history.pushState(null, "", articleQA.at(address));
    show();
  }

  addEventListener("popstate", () => {
    const { reader } = articleQA;
    const leaving = reader.open && !articleQA.path().startsWith("/a/");
    if (leaving) {
      returning = true;
      reader.close();
    }
    else if (!closed) show();
    // Going back to a fragment takes the focus away.
    else setTimeout(articleQA.refocus);
    closed = false;
  });
  // Closing an article goes back to where it was opened, which is on the screen already.
  articleQA.reader.addEventListener("close", () => {
    // That of going back comes late: somebody may have gone forward again.
    if (!returning) closed = Boolean(history.state?.reader);
    returning = false;
  });

  // The conversations

  async function list() {
    const asked = new URLSearchParams({ search: find("#find-conversation")?.value ?? "", offset: String(-new Date().getTimezoneOffset()) });
    const reply = await fetch(`conversations?${asked}`, { headers: { accept: "text/html" } }).catch(() => null);
    if (!reply?.ok) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    find("#listed")?.replaceChildren(document.importNode(find(".listed", page), true));
    markCurrent();
  }

  function markCurrent() {
    for (const link of document.querySelectorAll("#listed a[href^='c/']")) {
      if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  async function send(method, id, body) {
    const headers = body ? { "content-type": "application/json" } : {};
    const reply = await fetch(`api/conversations/${id}`, { method, headers, body: body && JSON.stringify(body) });
    if (!reply.ok) alert((await reply.json()).error);
    await list();
    return reply.ok;
  }

  function rename(line) {
    const link = find("a", line);
    const [form, title] = ["form", "input"].map((tag) => document.createElement(tag));
    title.value = link.textContent;
    title.maxLength = 80;
    title.setAttribute("aria-label", _("Title"));
    form.append(title);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (title.value.trim()) send("PATCH", line.dataset.conversation, { title: title.value });
      else list();
    });
    title.addEventListener("keydown", (event) => event.key === "Escape" && (event.stopPropagation(), event.preventDefault(), list()));
    title.addEventListener("blur", () => list());
    find("details", line).open = false;
    link.replaceWith(form);
    title.select();
  }

  async function remove(line) {
    const id = line.dataset.conversation;
    if (!confirm(_("Delete the conversation “%(title)s”?", { title: find("a", line).textContent }))) return;
    if ((await send("DELETE", id)) && id === (addressed() || onScreen())) go("/");
  }

  // On a phone they are a drawer.

  const drawer = document.createElement("dialog");
  drawer.id = "drawer";
  drawer.setAttribute("aria-label", _("Conversations"));
  drawer.addEventListener("close", () => find("#side-open").after(find("#conversations")));
  drawer.addEventListener("click", (event) => event.target === drawer && drawer.close());

  function openDrawer() {
    if (!drawer.isConnected) document.body.append(drawer);
    drawer.append(find("#conversations"));
    drawer.showModal();
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    for (const menu of document.querySelectorAll("#listed .menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    let found;
    if ((found = at("#conversations a[href^='c/'], #new")) && !found.hasAttribute("download")) {
      event.preventDefault();
      if (drawer.open) drawer.close();
      if (articleQA.reader.open) articleQA.reader.close();
      if (found.href !== location.href || found.id === "new") go(found.href);
      if (found.id === "new") find("#question textarea")?.focus();
    } else if (at("#side-open")) openDrawer();
    else if ((found = at("[data-rename]"))) rename(found.closest("li"));
    else if ((found = at("[data-delete]"))) remove(found.closest("li"));
    else if ((found = at("#panels [role=tab]")) && !routing) {
      const path = Object.keys(PANELS).find((each) => `${PANELS[each]}-button` === found.id) ?? (onScreen() ? `/c/${onScreen()}` : "/");
      if (path !== articleQA.path()) history.pushState(null, "", articleQA.at(path));
    }
  });
  // The list scrolls, so a menu within it would be cut off where the list ends.
  document.addEventListener("toggle", ({ target: menu }) => {
    if (!menu.matches("#listed .menu[open]")) return;
    const place = menu.firstElementChild.getBoundingClientRect(), box = menu.lastElementChild;
    box.style.top = `${Math.max(8, Math.min(place.bottom, innerHeight - box.offsetHeight - 8))}px`;
    box.style.left = `${Math.max(8, place.right - box.offsetWidth)}px`;
  }, true);
  document.addEventListener("scroll", ({ target }) => {
    for (const menu of target.querySelectorAll?.(".menu[open]") ?? []) menu.open = false;
  }, true);
  let pause;
  document.addEventListener("input", (event) => {
    if (event.target.id === "find-conversation") {
      clearTimeout(pause);
      pause = setTimeout(list, 150);
    }
  });

  // What appears: the panel, an answer with an address of its own, a run that was chosen.

  let started = false;
  let answered = "";

  new MutationObserver(() => {
    const listed = find("#listed");
    if (listed && !listed.dataset.known) {
      listed.dataset.known = "yes";
      list();
    }
    if (!started && find("#panels [role=tab]")?.offsetParent) {
      started = true;
      show({ first: true });
    }
    bring();
    const turn = find("#now-asked .turn:not(#now)");
    const { conversation } = (turn && find(".feedback", turn)?.dataset) ?? {};
    const address = `/c/${conversation}#${turn?.id}`;
    if (conversation && address !== answered) {
      answered = address;
      if (!PANELS[articleQA.path()] && !articleQA.reader.open) {
        if (articleQA.path() + location.hash !== address) history.pushState(null, "", articleQA.at(address));
      }
      list();
    }
    const { run, base } = find("#run-links [data-run]")?.dataset ?? {};
    const runs = `?${new URLSearchParams(base ? { run, base } : { run })}`;
    if (run && articleQA.path() === "/evaluate" && location.search !== runs) {
      history.replaceState(null, "", articleQA.at(`/evaluate${runs}`));
    }
  }).observe(document.documentElement, { childList: true, subtree: true });

  Object.assign(articleQA, { left, shown, chosenRuns });
})();
