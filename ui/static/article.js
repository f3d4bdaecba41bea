// The page of one article: characters named in its address (#1204-1388) are marked there. The server
// marks them, in the version that has them, where every word of the article was escaped.
(async () => {
  const span = /^#(\d{1,9})-(\d{1,9})$/.exec(location.hash);
  const path = location.pathname.slice(new URL(document.baseURI).pathname.length);
  if (!span || !path.startsWith("a/")) return;
  const asked = new URLSearchParams({ id: decodeURIComponent(path.slice(2)), start: span[1], end: span[2] });
  const seal = new URLSearchParams(location.search).get("seal");
  if (seal) asked.set("seal", seal);
  const reply = await fetch(`article?${asked}`, { headers: { accept: "text/html" } });
  if (!reply.ok) return;
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  document.querySelector("main").replaceWith(document.importNode(page.querySelector("main"), true));
  document.querySelector("#cited")?.scrollIntoView({ block: "center" });
})();
addEventListener("hashchange", () => location.reload());
