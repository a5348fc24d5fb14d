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
