// Enhancements only: every page works without this file.
import { initAll } from "./govuk-frontend.min.js";

initAll();

// A fragment with data-refresh-url asks for its newer self; the server answers 304 while nothing has changed.
const REFRESH_MILLISECONDS = 3000;

function refresh(fragment) {
  let etag = null;
  // What stands around the fragment (buttons, say) belongs to this state; when it changes the whole page is read again.
  const state = () => fragment.querySelector("[data-state]")?.dataset.state;
  const before = state();
  const next = () => setTimeout(ask, Number(fragment.dataset.refreshEvery) || REFRESH_MILLISECONDS);
  async function ask() {
    if (!document.contains(fragment)) return;
    if (document.hidden) return next();
    try {
      const answer = await fetch(fragment.dataset.refreshUrl, { headers: etag ? { "If-None-Match": etag } : {} });
      if (answer.status === 200) {
        etag = answer.headers.get("ETag");
        const text = await answer.text();
        if (text !== fragment.innerHTML) fragment.innerHTML = text;
        if (fragment.querySelector("[data-reload]") || state() !== before) return location.reload();
        if (fragment.querySelector("[data-refresh-done]")) return;
      } else if (answer.status !== 304) {
        return;
      }
    } catch {
      // The network is away for a moment; try again.
    }
    next();
  }
  next();
}
document.querySelectorAll("[data-refresh-url]").forEach(refresh);

// A button with data-copy puts a text on the clipboard and says so.
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 2000);
  });
});

// A form with data-preview-url shows what its fields would send while somebody types.
document.querySelectorAll("form[data-preview-url]").forEach((form) => {
  const target = document.querySelector(form.dataset.previewTarget);
  let timer = null;
  async function show() {
    const answer = await fetch(form.dataset.previewUrl, { method: "POST", body: new FormData(form) });
    if (answer.ok) target.innerHTML = await answer.text();
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 300);
  });
});
