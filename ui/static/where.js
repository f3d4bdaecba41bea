// Where to look: the panel above the question, which is open only while it is being changed.
(() => {
  const find = (selector, root = document) => root.querySelector(selector);

  function where() {
    const form = find("#where form");
    if (!form) return "{}";
    const set = { sources: [...form.querySelectorAll("input[name=outlet]:checked")].map((i) => i.value) };
    const collections = [...form.querySelectorAll("input[name=collection]:checked")].map((i) => i.value);
    if (collections.length) set.collection = collections;
    for (const name of ["since", "until"]) if (form.elements[name].value) set[name] = form.elements[name].value;
    if (form.elements.undated.checked) set.undated = true;
    if (!form.elements.window.checked) set.window = false;
    if (form.elements.timeline.checked) set.timeline = true;
    return JSON.stringify(set);
  }

  function sayWhere() {
    const said = find("#where-said");
    if (!said) return;
    const set = JSON.parse(where());
    const parts = [set.since && _("from %(day)s", { day: dayText(set.since) }), set.until && _("until %(day)s", { day: dayText(set.until) }), set.undated && _("undated too"), ...set.sources.map((name) => name || _("unknown outlet")), ...(set.collection ?? []), set.window === false && _("whatever days it names"), set.timeline && _("in order of days")].filter(Boolean);
    const chips = parts.map((words) => Object.assign(document.createElement("span"), { className: "chip", textContent: words }));
    // Read out one by one, with a pause.
    said.replaceChildren(...chips.flatMap((chip, at) => (at ? [" ", chip] : [chip])));
    if (!chips.length) said.textContent = _("everywhere");
  }

  function setWhere({ since = "", until = "", sources = [], undated = false, collections = [], window = true }, field = "") {
    const form = find("#where form");
    if (!form) return;
    form.elements.since.value = since;
    form.elements.until.value = until;
    form.elements.undated.checked = undated;
    form.elements.window.checked = window;
    const wanted = sources.map((name) => name.toLowerCase());
    for (const each of form.querySelectorAll("input[name=outlet]")) each.checked = wanted.includes(each.value.toLowerCase());
    for (const each of form.querySelectorAll("input[name=collection]")) each.checked = collections.includes(each.value);
    sayWhere();
    if (!field) return;
    find("#where").open = true;
    (field === "outlets" ? find("#find-outlet, input[name=outlet]", form) : find(`[name=${field}]`, form))?.focus();
  }

  // The answer is what one wants to see now; what is set stays, and is said where the panel opens.
  function closeWhere() {
    const panel = find("#where");
    if (!panel?.open) return;
    if (panel.contains(document.activeElement)) find("summary", panel).focus({ preventScroll: true });
    panel.open = false;
  }

  function filterOutlets(words) {
    for (const label of document.querySelectorAll("#where .outlets label")) {
      label.hidden = !label.textContent.toLowerCase().includes(words.toLowerCase()) && !find("input", label).checked;
    }
  }

  document.addEventListener("input", (event) => event.target.id === "find-outlet" && filterOutlets(event.target.value));
  document.addEventListener("change", (event) => event.target.closest?.("#where") && sayWhere());
  document.addEventListener("reset", (event) => event.target.closest?.("#where") && setTimeout(() => {
    filterOutlets("");
    sayWhere();
  }));

  Object.assign(articleQA, { where, setWhere, closeWhere });
})();
