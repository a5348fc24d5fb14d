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

// What may not be kept while it is typed is not lost by a slip: the browser asks before it is left.
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

// What is folded on a telephone alone lies open where there is room. Newer browsers know it by style.
if (!CSS.supports("selector(::details-content)") && innerWidth > 768) {
  for (const fold of document.querySelectorAll(".on-phone")) fold.open = true;
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

// A page that is many screens long on a telephone begins with a list of its parts.
const MANY_SCREENS = 4;
const headings = [...document.querySelectorAll("main h2")].filter(
  (part) => part.offsetParent && part.textContent.trim() && !part.closest("#errors, details"),
);
if (headings.length > 2 && document.documentElement.scrollHeight > MANY_SCREENS * innerHeight
  && innerWidth <= 768) {
  const jump = document.createElement("details");
  const words = document.createElement("summary");
  words.textContent = `この画面の内容（${headings.length}）`;
  const list = document.createElement("ul");
  for (const [index, part] of headings.entries()) {
    part.id ||= `part-${index + 1}`;
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${part.id}`;
    link.textContent = part.textContent.trim().replace(/\s+/g, " ");
    line.append(link);
    list.append(line);
  }
  jump.className = "jump";
  jump.append(words, list);
  let top = document.querySelector("main h1");
  while (top && top.parentElement.id !== "main") top = top.parentElement;
  top?.before(jump);
}
