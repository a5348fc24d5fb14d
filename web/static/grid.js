// The grid of admissions. It works without this file: Tab moves, and each cell is typed.
// With it, Enter moves on to the next cell, the arrows move up and down a column, and a table
// that was copied from a spreadsheet can be pasted from any cell on; what did not fit is said.
"use strict";

for (const table of document.querySelectorAll("[data-grid]")) {
  const rows = [...table.querySelectorAll(".grid-row")]
    .map((row) => [...row.querySelectorAll("input, select")]);
  const place = (cell) => {
    const row = rows.findIndex((cells) => cells.includes(cell));
    return [row, row < 0 ? -1 : rows[row].indexOf(cell)];
  };
  const said = document.querySelector("[data-grid-said]");
  const say = (counts) => {
    const words = Object.entries(counts).filter(([, count]) => count > 0)
      .map(([what, count]) => table.dataset[what].replace("{n}", count));
    said.textContent = words.join("");
    said.hidden = words.length === 0;
  };
  const put = (cell, text) => {
    if (cell instanceof HTMLSelectElement) {
      // What is not among the choices stands empty and is asked for, not what stood there before.
      const option = [...cell.options].find((one) => one.text === text);
      cell.value = option ? option.value : "";
      return option !== undefined || text === "";
    }
    cell.value = text;
    return true;
  };

  table.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const [row, column] = place(event.target);
    if (row < 0) return;
    const flat = rows.flat();
    let next;
    if (event.key === "Enter") next = flat[flat.indexOf(event.target) + 1];
    else if (event.target instanceof HTMLSelectElement || event.target.list) return;
    else if (event.key === "ArrowDown") next = rows[row + 1]?.[column];
    else if (event.key === "ArrowUp") next = rows[row - 1]?.[column];
    else return;
    event.preventDefault();
    if (next) next.focus();
  });

  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    const [row, column] = place(event.target);
    if (row < 0 || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("input", {bubbles: true}));
    const lines = text.split(/\r?\n/).map((line) => line.split("\t").map((one) => one.trim()));
    const wide = Math.max(...lines.map((cells) => cells.findLastIndex((one) => one !== "") + 1));
    const long = lines.slice(rows.length - row).filter((cells) => cells.some((one) => one !== ""));
    let notOffered = 0;
    lines.forEach((cells, down) => {
      cells.forEach((value, right) => {
        const cell = rows[row + down]?.[column + right];
        if (cell && !put(cell, value)) notOffered += 1;
      });
    });
    say({
      tooLong: long.length,
      tooWide: Math.max(0, column + wide - rows[0].length),
      notOffered,
    });
  });
}
