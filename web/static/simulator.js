// A changed box updates the answer by itself. Without this file the button does it.
"use strict";

const form = document.getElementById("trial-form");
const PLACE = "tsunagi-trial-place";

// The page comes anew with the answer: whoever changed a box stays where they were.
const kept = sessionStorage.getItem(PLACE);
if (kept) {
  sessionStorage.removeItem(PLACE);
  const place = JSON.parse(kept);
  window.scrollTo(0, place.y);
  const field = document.getElementById(place.id);
  if (field) field.focus({ preventScroll: true });
}

// Boxes and lists alone: whoever types a day or pastes a draft is not interrupted.
form.addEventListener("change", (event) => {
  const box = event.target;
  const isBox = box instanceof HTMLSelectElement || box.type === "radio";
  if (!isBox) return;
  sessionStorage.setItem(PLACE, JSON.stringify({ y: window.scrollY, id: box.id }));
  form.action = form.action.split("#")[0];
  form.requestSubmit();
});
