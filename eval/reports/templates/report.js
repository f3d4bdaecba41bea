const buttons = [...document.querySelectorAll("button[data-tag]")];
const items = [...document.querySelectorAll("details[data-tags]")];
const count = document.getElementById("count");
function show(tag) {
  let shown = 0;
  for (const item of items) {
    item.hidden = tag !== "all" && !item.dataset.tags.split(" ").includes(tag);
    shown += !item.hidden;
  }
  for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.tag === tag);
  count.textContent = count.dataset.words.replace("{shown}", shown).replace("{total}", items.length);
}
for (const button of buttons) button.addEventListener("click", () => show(button.dataset.tag));
show("all");
