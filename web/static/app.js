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

// The kana of a name are taken from what was typed before it was converted, as long as nobody
// typed into the kana themselves. They stay to be edited.
const KANA = /^[ぁ-ゖァ-ヺー\s]+$/;
const wide = (text) => text.replace(/[ぁ-ゖ]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x60));
for (const name of document.querySelectorAll('input[id="name"], input[id^="name-"]')) {
  const kana = document.getElementById(name.id.replace("name", "kana"));
  if (!kana) continue;
  let reading = "";
  let filled = "";
  const fill = (text) => {
    if (kana.value === filled) kana.value = filled = text;
  };
  name.addEventListener("compositionstart", () => { reading = ""; });
  name.addEventListener("compositionupdate", (event) => {
    const typed = event.data.replace(/[a-zａ-ｚ]/gi, "");
    if (KANA.test(typed)) reading = typed;
  });
  name.addEventListener("compositionend", (event) => {
    if (event.data) fill(filled + wide(reading));
  });
  name.addEventListener("input", (event) => {
    if (name.value === "") fill("");
    else if (!event.isComposing && /^\s$/.test(event.data || "") && filled) fill(`${filled} `);
  });
}

// Whoever sent a form with mistakes is led to the list of them.
const errors = document.getElementById("errors");
if (errors) errors.focus();

// A registration that is half typed is not lost by a slip: the browser asks before it is left.
for (const form of document.querySelectorAll("form[data-warn]")) {
  let typed = false;
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
}

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

// A folded part of the menu closes with Escape, and when the focus or a press goes elsewhere.
for (const part of document.querySelectorAll(".menu-more")) {
  part.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !part.open) return;
    part.open = false;
    part.querySelector("summary").focus();
  });
  part.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !part.contains(event.relatedTarget)) part.open = false;
  });
  document.addEventListener("pointerdown", (event) => {
    if (!part.contains(event.target)) part.open = false;
  });
}
