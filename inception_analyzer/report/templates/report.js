// What needs a script and can be missed: theme, sorting, filters, deep links, saving the data. The page reads without it.
(() => {
  const all = (rule, from = document) => [...from.querySelectorAll(rule)];
  const one = (id) => document.getElementById(id);
  const pressed = (button, on) => button.setAttribute("aria-pressed", String(on));

  const themes = ["auto", "light", "dark"];
  const theme = one("theme");
  const memory = {
    get: () => { try { return localStorage.getItem("inception-analyze-theme"); } catch { return null; } },
    set: (value) => { try { localStorage.setItem("inception-analyze-theme", value); } catch { /* a page may own no storage */ } },
  };
  let chosen = Math.max(0, themes.indexOf(memory.get()));
  const show = () => {
    document.documentElement.style.colorScheme = chosen ? themes[chosen] : "";
    theme.textContent = `theme: ${themes[chosen]}`;
  };
  theme.hidden = false;
  theme.onclick = () => { chosen = (chosen + 1) % themes.length; memory.set(themes[chosen]); show(); };
  show();

  const value = (row, index) => row.cells[index].dataset.v;
  const order = (a, b) => (isNaN(a) || isNaN(b) ? a.localeCompare(b, "en", { numeric: true }) : a - b);
  for (const table of all("table.sortable")) {
    const heads = all("thead th", table);
    heads.forEach((head, index) => {
      head.querySelector("button").onclick = () => {
        const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        heads.forEach((other) => other.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
        const rows = [...table.tBodies[0].rows];
        rows.sort((a, b) => sign * order(value(a, index), value(b, index)));
        table.tBodies[0].append(...rows);
      };
    });
  }
  all(".tools").forEach((tools) => { tools.hidden = false; });
  for (const field of all("[data-filter]")) {
    field.oninput = () => {
      const words = field.value.toLowerCase();
      all(field.dataset.filter).forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(words); });
    };
  }

  const box = one("all-claims");
  if (box) {
    const claims = all("#all-claims>.claim");
    const topics = all("#all-claims>.topic");
    const chips = all(".chips [data-verdict]");
    const byTopic = one("by-topic");
    const find = one("find");
    const texts = new Map(claims.map((claim) => [claim, claim.textContent.toLowerCase()]));
    let verdict = "all";
    let sorted = false;
    const filter = () => {
      const words = find.value.trim().toLowerCase();
      for (const claim of claims) {
        const fits = verdict === "all" || claim.dataset.verdict === verdict;
        claim.hidden = !(fits && texts.get(claim).includes(words));
      }
      const seen = claims.filter((claim) => !claim.hidden);
      topics.forEach((head) => { head.hidden = !(sorted && seen.some((claim) => claim.dataset.topic === head.dataset.topic)); });
      one("nothing").hidden = seen.length > 0;
    };
    const arrange = () => {
      if (!sorted) { box.append(...claims, ...topics); return; }
      const ordered = [...claims].sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
      for (const head of topics) box.append(head, ...ordered.filter((claim) => claim.dataset.topic === head.dataset.topic));
    };
    all(".chips").forEach((group) => { group.hidden = false; });
    chips.forEach((chip) => {
      chip.onclick = () => {
        verdict = chip.dataset.verdict;
        chips.forEach((other) => pressed(other, other === chip));
        filter();
      };
    });
    find.oninput = filter;
    byTopic.onclick = () => { sorted = !sorted; pressed(byTopic, sorted); arrange(); filter(); };
  }

  const follow = () => {
    const target = location.hash.length > 1 && one(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const pane = target.closest(".pane");
    if (pane) document.querySelector(`[data-pane="${pane.id}"]`).checked = true;
    if (target.matches("details")) { target.hidden = false; target.open = true; }
    target.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#"]');
    if (link && link.getAttribute("href") === location.hash) follow();
  });
  follow();

  const save = one("save");
  save.hidden = false;
  save.onclick = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([one("data").textContent], { type: "application/json" }));
    link.download = "inception-analyze.json";
    link.click();
    URL.revokeObjectURL(link.href);
  };

  let closed = [];
  addEventListener("beforeprint", () => { closed = all("details:not([open])"); closed.forEach((row) => { row.open = true; }); });
  addEventListener("afterprint", () => { closed.forEach((row) => { row.open = false; }); });
})();
