// Light or dark: as chosen before, else as the system has it. Runs before anything is painted.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => localStorage.getItem("theme");
  const apply = () => {
    const theme = chosen() || (system.matches ? "dark" : "light");
    document.documentElement.dataset.theme = theme;
    // Gradio's own components go by a class of the body.
    document.body?.classList.toggle("dark", theme === "dark");
  };
  apply();
  system.addEventListener("change", apply);
  addEventListener("themechange", apply);
  document.addEventListener("DOMContentLoaded", () => {
    apply();
    new MutationObserver(() => {
      const dark = document.documentElement.dataset.theme === "dark";
      if (document.body.classList.contains("dark") !== dark) apply();
    }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#theme")) return;
    const dark = document.documentElement.dataset.theme === "dark";
    localStorage.setItem("theme", dark ? "light" : "dark");
    apply();
  });
})();
