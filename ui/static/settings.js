// The pages of settings, gold questions, saved questions and articles: a form is sent to its route as JSON, and what came of it is said. What a
// route refuses, it refuses in words.
(() => {
  const said = document.querySelector("#said");

  function say(words, shown = "") {
    said.textContent = words;
    if (shown) {
      const code = document.createElement("code");
      code.textContent = shown;
      said.append(" ", code);
    }
    said.scrollIntoView({ block: "nearest" });
  }

  function given(form) {
    const fields = {};
    for (const field of form.elements) {
      if (!field.name || field.disabled) continue;
      // What nobody touched stays as it is; a key is changed only by another one.
      const before = field.options ? [...field.options].find((each) => each.defaultSelected)?.value : field.defaultValue;
      if ("changes" in form.dataset && field.value === before) continue;
      const value = field.type === "number" ? Number(field.value) : field.value;
      // Of such a name there may be several.
      if (field.name.endsWith("[]")) (fields[field.name.slice(0, -2)] ??= []).push(value);
      else fields[field.name] = value;
    }
    return fields;
  }

  async function send(form) {
    const { method, path, done = "", show, reload, confirm: question, unsaved } = form.dataset;
    if (question && !confirm(question)) return;
    if (unsaved && Object.keys(given(document.querySelector("[data-changes]"))).length) {
      say(unsaved);
      return;
    }
    say("…");
    const fields = given(form);
    const empty = !Object.keys(fields).length && !("changes" in form.dataset);
    const body = method === "DELETE" || empty ? undefined : JSON.stringify(fields);
    const headers = body ? { "content-type": "application/json" } : {};
    const reply = await fetch(path, { method, headers, body }).catch(() => null);
    const told = reply && reply.status !== 204 ? await reply.json() : {};
    if (!reply?.ok) say(told.error ?? said.dataset.unreachable);
    else if (reload !== undefined) location.reload();
    else {
      if ("changes" in form.dataset) settle(form);
      if ("gone" in form.dataset) form.remove();
      say(done, show ? told[show] : "");
      renew();
    }
  }

  // What was sent is from now on what nobody touched.
  function settle(form) {
    for (const field of form.elements) {
      if (field.options) for (const each of field.options) each.defaultSelected = each.selected;
      else field.defaultValue = field.type === "password" ? (field.value = "") : field.value;
    }
  }

  // The lists of the page as they are now; what was said stays.
  async function renew() {
    const old = document.querySelectorAll("section[data-fresh]");
    if (!old.length) return;
    const page = new DOMParser().parseFromString(await (await fetch(location)).text(), "text/html");
    for (const section of old) {
      const held = section.contains(document.activeElement);
      const fresh = page.querySelector(`section[aria-labelledby="${section.getAttribute("aria-labelledby")}"]`);
      if (fresh) section.replaceWith(fresh);
      if (held) said.focus();
    }
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.dataset.path) return;
    event.preventDefault();
    send(event.target);
  });
  // A draft that is dropped stays so.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-drop]");
    if (!button) return;
    const reply = await fetch(button.dataset.drop, { method: "DELETE" }).catch(() => null);
    if (reply?.ok) button.form.remove();
    else say((await reply?.json())?.error ?? said.dataset.unreachable);
  });
  const look = document.querySelector("[data-look]");
  if (!look) return;
  const { theme, language } = look.elements;
  theme.value = localStorage.getItem("theme") ?? "";
  theme.addEventListener("change", () => {
    if (theme.value) localStorage.setItem("theme", theme.value);
    else localStorage.removeItem("theme");
    dispatchEvent(new Event("themechange"));
  });
  // Known to the server before anybody logs in: it makes the pages.
  const cookie = /(?:^|; )language=(\w+)/.exec(document.cookie);
  language.value = cookie?.[1] ?? "";
  language.addEventListener("change", () => {
    const { pathname } = new URL(document.baseURI);
    const age = language.value ? 365 * 24 * 3600 : 0;
    document.cookie = `language=${language.value}; path=${pathname}; max-age=${age}; samesite=lax`;
    location.reload();
  });
})();
