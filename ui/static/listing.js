// The table of articles. Its address names everything: filters, words, order, page. The markup comes
// from the server, where every word of an article was escaped.
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const here = () => articleQA.path() === "/library";
  let [asked, wanted, done] = [0, null, ""];

  async function load() {
    const place = find("#holdings");
    if (!place || find("dialog[open]", place)) return;
    const number = (asked += 1);
    // An article beside the list has an address of its own.
    const query = here() ? location.search : (wanted ?? "");
    wanted = query;
    const reply = await fetch(articleQA.at(`/library/articles${query}`), { headers: { accept: "text/html" } }).catch(() => null);
    if (!reply || number !== asked) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const listing = find(".listing", page);
    const shown = find(".listing", place);
    if (!listing) {
      const note = document.createElement("p");
      note.className = "note";
      note.textContent = find(".note", page)?.textContent ?? _("The list cannot be shown.");
      (find(".results", place) ?? place).replaceChildren(note);
      return;
    }
    const chosen = new Set(selected().map((each) => each.value));
    const typing = shown && find("form", shown).contains(document.activeElement);
    const open = shown && find(".filter-box", shown).open;
    if (typing) find(".results", shown).replaceWith(document.importNode(find(".results", listing), true));
    else {
      place.replaceChildren(document.importNode(listing, true));
      find(".filter-box", place).open = Boolean(open);
    }
    for (const box of all("[name=selected]", place)) box.checked = chosen.has(box.value);
    find("#list-said", place).textContent = done;
    count();
  }

  function go(address, { replace = false } = {}) {
    done = "";
    const whole = articleQA.at(address);
    if (replace) history.replaceState(history.state, "", whole);
    else history.pushState(null, "", whole);
    load();
  }

  function filtered(form) {
    const fields = [...new FormData(form)].filter(([name, value]) => value || (name !== "q" && name !== "since" && name !== "until"));
    const query = new URLSearchParams(fields).toString();
    return query ? `/library?${query}` : "/library";
  }

  // What is selected

  const selected = () => all("#holdings [name=selected]:checked");

  function count() {
    const number = selected().length;
    for (const button of all("#edit-selected, #remove-selected, #take-out")) button.disabled = !number;
    const label = find("#select-all + span");
    if (!label) return;
    const boxes = all("#holdings [name=selected]");
    find("#select-all").checked = number > 0 && number === boxes.length;
    label.textContent = number ? ngettext("%(num)s selected", "%(num)s selected", number) : _("Select all on this page");
  }

  async function send(path, body, method = "POST") {
    const reply = await fetch(articleQA.at(path), { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    return reply.ok ? "" : (await reply.json()).error;
  }

  async function remove() {
    const boxes = selected();
    const title = boxes[0].dataset.title || _("Untitled");
    if (!confirm(ngettext("Remove “%(title)s” with all versions?", "Remove %(num)s articles with all versions?", boxes.length, { title }))) return;
    const problem = await send("/api/articles/remove", { articles: boxes.map((each) => each.value) });
    if (problem) alert(problem);
    else done = ngettext("%(num)s article removed.", "%(num)s articles removed.", boxes.length);
    changed();
  }

  function edit() {
    const boxes = selected();
    const dialog = find("#edit-articles");
    const form = find("form", dialog);
    const one = boxes.length === 1;
    form.reset();
    find("#edit-title", dialog).textContent = ngettext("Edit this article", "Edit %(num)s articles", boxes.length);
    find("[data-one]", dialog).hidden = !one;
    find("[data-many]", dialog).hidden = one;
    find("[role=status]", dialog).textContent = "";
    for (const name of ["title", "published", "source", "author"]) form.elements[name].value = one ? boxes[0].dataset[name] : "";
    dialog.showModal();
  }

  async function save(form) {
    const boxes = selected();
    const one = boxes.length === 1;
    const body = { articles: boxes.map((each) => each.value) };
    for (const name of ["title", "published", "source", "author"]) {
      const value = form.elements[name].value.trim();
      if (one ? value !== boxes[0].dataset[name] : value) body[name] = value;
    }
    const problem = await send("/api/articles/edit", body);
    find("[role=status]", form).textContent = problem;
    if (problem) return;
    find("#edit-articles").close();
    changed();
  }

  // The same form in the article beside an answer.
  async function saveShown(form) {
    const fields = [...form.elements].filter((each) => each.name && each.value.trim() !== each.defaultValue);
    const problem = await send(`/${form.dataset.path}`, Object.fromEntries(fields.map((each) => [each.name, each.value.trim()])), "PATCH");
    find("[role=status]", form).textContent = problem;
    if (problem) return;
    // Behind the article its row still says what was there.
    changed();
    articleQA.openArticle(`article?${new URLSearchParams({ id: decodeURIComponent(form.dataset.path.slice("api/articles/".length)) })}`, { visit: false });
  }

  // Collections

  const FILTERS = ["q", "outlet", "since", "until", "language", "source", "undated", "locked", "copies", "collection"];
  const RULED = ["outlet", "since", "until", "language", "source"];

  function asJson(query) {
    const listed = {};
    for (const name of FILTERS) {
      const values = query.getAll(name);
      if (values.length) listed[name] = ["outlet", "language", "source", "collection"].includes(name) ? values : values[0];
    }
    return listed;
  }

  // Each combination of outlet, language and source, all of the same days.
  function asRules(query) {
    let rules = [{ since: query.get("since"), until: query.get("until") }];
    for (const name of ["outlet", "language", "source"]) {
      const values = query.getAll(name);
      if (values.length) rules = rules.flatMap((rule) => values.map((value) => ({ ...rule, [name]: value })));
    }
    return rules;
  }

  function collect() {
    const dialog = find("#put-into");
    const form = find("form", dialog);
    const query = new URLSearchParams(location.search);
    const names = [...query.keys()].filter((name) => FILTERS.includes(name));
    form.reset();
    find("[role=status]", form).textContent = "";
    find("[value=selected]", form).disabled = !selected().length;
    find("[data-rule]", form).hidden = !names.length || !names.every((name) => RULED.includes(name));
    form.elements.what.value = selected().length ? "selected" : "listed";
    dialog.showModal();
  }

  async function collectInto(form) {
    const { name, what } = form.elements;
    const path = `/api/collections/${encodeURIComponent(name.value.trim())}`;
    const query = new URLSearchParams(location.search);
    const known = all("#known-collections option").some((each) => each.value === name.value.trim());
    let problem = "";
    if (what.value === "rule" || !known) problem = await send(path, { rules: what.value === "rule" ? asRules(query) : [] }, "PUT");
    if (!problem && what.value === "selected") problem = await send(`${path}/articles`, { articles: selected().map((each) => each.value) });
    if (!problem && what.value === "listed") problem = await send(`${path}/articles`, { listed: asJson(query) });
    find("[role=status]", form).textContent = problem;
    if (problem) return;
    find("#put-into").close();
    done = _("Put into the collection “%(name)s”. Under “Where to look” a question can be limited to it.", { name: name.value.trim() });
    load();
  }

  async function takeOut(button) {
    const path = `/api/collections/${encodeURIComponent(button.dataset.collection)}/remove`;
    const problem = await send(path, { articles: selected().map((each) => each.value) });
    if (problem) alert(problem);
    load();
  }

  async function deleteCollection(button) {
    const { collection } = button.dataset;
    if (!confirm(_("Delete the collection “%(name)s”? Its articles stay.", { name: collection }))) return;
    const problem = await send(`/api/collections/${encodeURIComponent(collection)}`, undefined, "DELETE");
    if (problem) alert(problem);
    else go("/library");
  }

  function changed() {
    load();
    find("#refresh")?.click();
  }

  // Events, caught where they arrive.

  let pause;
  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = at("#library a[data-listing]");
    if (link) {
      event.preventDefault();
      go(link.href);
    } else if (at("#edit-selected")) edit();
    else if (at("#remove-selected")) remove();
    else if (at("#collect")) collect();
    else if (at("#take-out")) takeOut(at("#take-out"));
    else if (at("#delete-collection")) deleteCollection(at("#delete-collection"));
    else if (at("#holdings dialog [data-close]")) at("dialog").close();
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "search-articles") {
      clearTimeout(pause);
      pause = setTimeout(() => go(filtered(event.target.form), { replace: true }), 250);
    } else if (event.target.matches?.("[data-find-option]")) {
      const words = event.target.value.toLowerCase();
      for (const option of all(".pill", event.target.parentElement)) option.hidden = !option.textContent.toLowerCase().includes(words);
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "select-all") {
      for (const box of all("#holdings [name=selected]")) box.checked = event.target.checked;
      count();
    } else if (event.target.name === "selected") count();
    else if (event.target.closest?.(".listing-form") && event.target.type !== "search") go(filtered(event.target.form));
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches?.(".listing-form")) {
      event.preventDefault();
      clearTimeout(pause);
      go(filtered(event.target));
    } else if (event.target.closest?.("#edit-articles")) {
      event.preventDefault();
      save(event.target);
    } else if (event.target.matches?.("#reader .edit-article form")) {
      event.preventDefault();
      saveShown(event.target);
    } else if (event.target.closest?.("#put-into")) {
      event.preventDefault();
      collectInto(event.target);
    }
  });

  // What the address names, wherever it comes from; once the panel is there.
  function show() {
    if (here() && location.search !== wanted) load();
  }
  addEventListener("popstate", show);
  new MutationObserver(() => {
    const place = find("#holdings");
    if (place?.offsetParent && !place.dataset.known) {
      place.dataset.known = "yes";
      load();
    }
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["style", "class"] });

  Object.assign(articleQA, { list: load });
})();
