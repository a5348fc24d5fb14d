/* A terminal that was left alone shows nothing: after the session's quiet time the page is covered.
   What was typed stays underneath. Whoever goes on is asked for nothing where the session still
   lives, because they worked in another tab; otherwise they sign in, and a form that was begun is
   kept for them as it is when a session runs out. Without this file the next click says so. */
(() => {
  "use strict";
  const quiet = Number(document.body.dataset.quiet) * 1000;
  const main = document.querySelector("main");
  if (!quiet || !main) return;
  const whoami = document.querySelector(".whoami");
  const LOOK_EVERY = 5000;
  const NO_ANSWER = "つながりません。少し待ってから、もう一度押してください。";
  let last = Date.now();
  let begun = null;
  let cover = null;

  const show = (hidden) => {
    main.hidden = hidden;
    if (whoami) whoami.hidden = hidden;
  };

  const goOn = async () => {
    let answer;
    try {
      answer = await fetch("/account", { method: "HEAD", redirect: "manual" });
    } catch {
      cover.querySelector("p").textContent = NO_ANSWER;
      return;
    }
    if (answer.ok && answer.headers.get("Tsunagi-Person") !== document.body.dataset.person) {
      location.reload(); // Somebody else signed in here meanwhile: they see what they may see.
    } else if (answer.ok) {
      cover.remove();
      cover = null;
      last = Date.now();
      show(false);
    } else if (answer.type !== "opaqueredirect") {
      cover.querySelector("p").textContent = NO_ANSWER;
    } else if (begun && begun.method === "post") {
      HTMLFormElement.prototype.submit.call(begun);
    } else {
      location.reload();
    }
  };

  const draw = () => {
    show(true);
    cover = document.createElement("section");
    cover.className = "sign-in";
    cover.setAttribute("aria-label", "画面を隠しています");
    const words = document.createElement("p");
    words.textContent = "しばらく操作がなかったため、画面を隠しました。入力した内容は残っています。";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = "続ける";
    button.addEventListener("click", goOn);
    cover.append(words, button);
    main.before(cover);
    button.focus();
  };

  const look = () => {
    if (!cover && Date.now() - last >= quiet) draw();
  };
  const used = () => {
    look(); // A machine that slept wakes with a key: the page is covered before it counts as used.
    if (!cover) last = Date.now();
  };

  for (const kind of ["keydown", "pointerdown", "wheel", "touchstart"]) {
    addEventListener(kind, used, { capture: true, passive: true });
  }
  addEventListener("input", (event) => { begun = event.target.form || begun; }, true);
  addEventListener("pageshow", look);
  document.addEventListener("visibilitychange", look);
  setInterval(look, LOOK_EVERY);
})();
