// Comforts. Every page works without this file.
"use strict";

// Enter that only confirms Japanese input must not send the form. 229 is what browsers report
// for the key while an input method is at work; Safari ends the composition before the key.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) {
    event.stopPropagation();
    if (event.target instanceof HTMLInputElement) event.preventDefault();
  }
}, true);

// Whoever sent a form with mistakes is led to the list of them.
const errors = document.getElementById("errors");
if (errors) errors.focus();

// A text can be copied with one press. Without this file it is marked and copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const said = document.querySelector(`[data-copied="${button.dataset.copy}"]`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "写しました。";
    } catch {
      said.textContent = "選びました。Ctrl+C で写してください。";
    }
  });
}

// What a sheet kept in this tab until it was saved is forgotten by whoever signs out.
for (const form of document.querySelectorAll('form[action$="/sign-out"]')) {
  form.addEventListener("submit", () => {
    try { sessionStorage.clear(); } catch { /* Nothing was kept. */ }
  });
}
