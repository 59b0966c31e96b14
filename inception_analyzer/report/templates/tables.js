// Sorting and searching: heads become buttons and long tables get a field. Without a script there is neither, and nothing is lost.
const tables = (() => {
  const MANY = 6; // rows from which on a table is searched
  const all = (rule, from = document) => [...from.querySelectorAll(rule)];

  // A number where the page gives one, else its words; nothing for a blank.
  const key = (cell) => {
    if (!cell) return null;
    const told = cell.dataset.v || cell.textContent.trim();
    return cell.dataset.v && Number.isFinite(Number(told)) ? Number(told) : told || null;
  };
  // Numbers before words, blanks last whichever way it is sorted.
  const order = (a, b, sign) => {
    if (a === null || b === null) return (a === null) - (b === null);
    if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
    return sign * (typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true }));
  };
  const button = (head, name, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "sorts";
    made.append(...head.childNodes);
    head.append(made);
    made.onclick = () => {
      const sign = head.getAttribute(name) === "ascending" ? -1 : 1;
      all(`[${name}]`, head.parentElement).forEach((other) => other.setAttribute(name, "none"));
      head.setAttribute(name, sign > 0 ? "ascending" : "descending");
      press(sign);
    };
  };

  // Rows that may change places with each other: between the heads of parts, sums and gaps, which stay.
  const stays = (row) => row.matches(".part,.last,.gap");
  const runs = (body) => {
    const found = [[]];
    for (const row of body.rows) {
      if (stays(row)) found.push([]); else found.at(-1).push(row);
    }
    return found.filter((run) => run.length);
  };
  const sort = (table, index, sign) => {
    for (const run of runs(table.tBodies[0])) {
      const end = run.at(-1).nextSibling;
      const keys = new Map(run.map((row) => [row, key(row.cells[index])]));
      run.sort((a, b) => order(keys.get(a), keys.get(b), sign));
      run.forEach((row) => table.tBodies[0].insertBefore(row, end));
    }
  };

  const search = (table) => {
    const tools = document.createElement("p");
    const label = document.createElement("label");
    const field = document.createElement("input");
    const nothing = document.createElement("p");
    Object.assign(tools, { className: "tools" });
    Object.assign(field, { type: "search", autocomplete: "off" });
    Object.assign(nothing, { className: "note nothing", hidden: true });
    nothing.setAttribute("role", "status");
    label.append("find ", field);
    tools.append(label);
    (table.closest(".scroll") ?? table).before(tools);
    table.after(nothing);
    field.oninput = () => {
      const words = field.value.trim().toLowerCase();
      const rows = [...table.tBodies[0].rows];
      const free = rows.filter((row) => !stays(row));
      free.forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(words); });
      // Sums are of all rows, and a head stands above those that are there.
      rows.forEach((row, at) => {
        if (!stays(row)) return;
        const below = rows.slice(at + 1);
        const next = below.findIndex(stays);
        const seen = below.slice(0, next < 0 ? below.length : next).some((other) => !other.hidden);
        row.hidden = Boolean(words) && !(row.matches(".part") && seen);
      });
      const none = free.every((row) => row.hidden);
      nothing.hidden = !none;
      nothing.textContent = none ? `No row holds “${field.value.trim()}”.` : "";
    };
  };

  for (const table of all("table.sortable")) {
    if (!table.tHead) continue;
    [...table.tHead.rows[0].cells].forEach((head, index) => {
      if (!head.textContent.trim() || head.matches(".track")) return;
      if (!head.hasAttribute("aria-sort")) head.setAttribute("aria-sort", "none");
      button(head, "aria-sort", (sign) => sort(table, index, sign));
    });
    if (runs(table.tBodies[0]).flat().length > MANY) search(table);
  }
  return { button, key, order };
})();
