// What the page does about the library by itself: sources are added and removed, and what changed
// elsewhere appears. Markup comes from the server, where every word of a feed was escaped.
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const LOOK = 5000;

  // Sources

  async function send(method, path, body) {
    const headers = body ? { "content-type": "application/json" } : {};
    const reply = await fetch(articleQA.at(path), { method, headers, body: body && JSON.stringify(body) });
    return reply.ok ? "" : (await reply.json()).error;
  }

  async function addSource(form) {
    const { url, every, outlet } = form.elements;
    const problem = await send("POST", "/api/sources", { url: url.value, every: every.value, outlet: outlet.value });
    find("[role=status]", form).textContent = problem || _("Added; it is read in a moment.");
    if (problem) return;
    form.reset();
    find("#renew")?.click();
  }

  async function removeSource(button) {
    const { source } = button.dataset;
    if (!confirm(_("Remove the source %(url)s? Its articles stay.", { url: source }))) return;
    button.disabled = true;
    const problem = await send("DELETE", `/api/sources?url=${encodeURIComponent(source)}`);
    if (problem) {
      button.disabled = false;
      alert(problem);
    } else find("#renew")?.click();
  }

  async function pauseSource({ dataset: { pause: url, paused } }) {
    const problem = await send("PATCH", "/api/sources", { url, paused: paused === "yes" });
    if (problem) alert(problem);
    find("#renew")?.click();
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.(".source-form")) return;
    event.preventDefault();
    addSource(event.target);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-source]");
    if (button) removeSource(button);
    const pause = event.target.closest?.("[data-pause]");
    if (pause) pauseSource(pause);
  });

  // What changed elsewhere. Once nothing changes any more from one look to the next, so that an
  // ingest under way does not have the page drawn again and again.

  let seen = "";

  async function look() {
    const listing = find("#holdings [data-state]");
    const listed = listing?.offsetParent && listing.dataset.state;
    const empty = find("#first-visit")?.offsetParent;
    if (document.hidden || (!listed && !empty)) return;
    const reply = await fetch("api/health").catch(() => null);
    if (!reply?.ok) return;
    const { state, articles } = await reply.json();
    const settled = state === seen;
    seen = state;
    if (!settled) return;
    if (empty && articles) find("#reopen")?.click();
    if (!listed || state === listed) return;
    // The articles changed, or only what is known of the sources.
    const [now, then] = [state, listed].map((each) => each.split(".")[0]);
    if (now !== then) find("#refresh")?.click();
    else find("#renew")?.click();
    articleQA.list();
  }

  setInterval(look, LOOK);
})();
