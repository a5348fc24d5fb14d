// Saves a sheet while it is written. Without this file the button 下書き保存 does the same.
"use strict";

// What was typed and is not saved yet stays in this tab alone (sessionStorage), for the same
// person, until the server has it. Signing out forgets it.
(() => {
  const PAUSE = 3000;
  const AGAIN = 10000;
  const form = document.getElementById("sheet");
  const saved = document.getElementById("sheet-saved");
  if (saved) {
    // The server has everything: what this tab kept is old from now on.
    try {
      sessionStorage.removeItem(`sheet:${saved.dataset.person}:${saved.dataset.path}`);
    } catch { /* Nothing was kept. */ }
  }
  if (!form) return;
  const state = document.getElementById("save-state");
  const key = `sheet:${form.dataset.person}:${new URL(form.action).pathname}`;
  const OURS = ["form_token", "form_id", "version", "seen", "kept_mine", "kept_before", "act"];
  let timer = 0;
  let busy = false;
  let dirty = false;

  const say = (words) => { state.textContent = words; };
  const newId = () => Array.from(
    crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0"),
  ).join("");

  function typed() {
    return [...new FormData(form)].filter(([name]) => !OURS.includes(name));
  }

  function keep() {
    try {
      sessionStorage.setItem(key, JSON.stringify({
        typed: typed(),
        seen: form.elements.seen.value,
        version: form.elements.version.value,
      }));
    } catch { /* A full or forbidden storage: the page itself still holds everything. */ }
  }

  function forget() {
    try { sessionStorage.removeItem(key); } catch { /* As above. */ }
  }

  // Everything has reached the server as this version. A reload that was asked for before may
  // still bring the page of an older one.
  function reached(version) {
    try { sessionStorage.setItem(key, JSON.stringify({ reached: version })); } catch { forget(); }
  }

  // After a reload: what had not reached the server stands in its fields again, together with
  // what the page had shown then, so that a colleague's change is noticed.
  function restore() {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(key) || "null"); } catch { return; }
    if (kept && kept.reached) {
      forget();
      if (Number(form.elements.version.value) < kept.reached) location.reload();
      return;
    }
    if (!kept || document.getElementById("errors")) return;
    const values = new Map();
    for (const [name, value] of kept.typed) values.set(name, [...(values.get(name) || []), value]);
    for (const field of form.elements) {
      if (!field.name || OURS.includes(field.name) || !values.has(field.name)) continue;
      const given = values.get(field.name);
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = given.includes(field.value);
      } else if (field.type !== "hidden") {
        field.value = given[0];
      }
    }
    form.elements.seen.value = kept.seen;
    form.elements.version.value = kept.version;
    dirty = true;
    say("保存できていなかった入力を戻しました。");
    timer = setTimeout(save, 500);
  }

  async function save() {
    clearTimeout(timer);
    if (busy || !dirty) return;
    busy = true;
    dirty = false;
    const body = new URLSearchParams(new FormData(form));
    body.set("form_id", newId());
    body.delete("act");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin",
      });
      if (answer.redirected || answer.status === 400) {
        say("サインアウトになりました。「下書き保存」を押してサインインすると、続きから書けます。");
        return;
      }
      if (answer.status === 403 || answer.status === 404) {
        say("この様式は、いまは保存できません。「下書き保存」を押すと理由が出ます。");
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      taken(await answer.json());
    } catch {
      dirty = true;
      say("いまつながりません。入力はこの画面に残っています。つながると保存します。");
      timer = setTimeout(save, AGAIN);
    } finally {
      busy = false;
      if (dirty && !timer) timer = setTimeout(save, PAUSE);
    }
  }

  function taken(told) {
    timer = 0;
    for (const [name, value] of Object.entries(told.hidden)) {
      if (form.elements[name]) form.elements[name].value = value;
    }
    const wrong = Object.keys(told.errors).length;
    if (told.conflicts.length) {
      say("同じ欄を別の職員も書いています。「下書き保存」を押すと、並べて選べます。");
    } else if (wrong) {
      say(`保存 ${told.saved}。まだ読み取れない欄が${wrong}つあります（入力は残っています）。`);
    } else {
      say(`保存 ${told.saved}`);
      if (!dirty) reached(Number(form.elements.version.value));
    }
  }

  function changed() {
    dirty = true;
    keep();
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => { clearTimeout(timer); keep(); });
  addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  if (document.querySelector(".banner-done")) forget();
  restore();
})();
