// What needs a script and can be missed: theme, claims in another order, deep links, saving the data. The page reads without it.
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
    let by = null; // the order of a head that was pressed
    const named = (a, b) => a.id.localeCompare(b.id, "en", { numeric: true });
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
      const ordered = [...claims].sort(by ?? (sorted ? named : () => 0));
      if (!sorted) { box.append(...ordered, ...topics); return; }
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
    const heads = document.querySelector(".claim-head");
    heads.removeAttribute("aria-hidden");
    [...heads.children].forEach((head, index) => {
      const own = (claim) => tables.key(claim.querySelector("summary").children[index]);
      tables.button(head, "data-sort", (sign) => { by = (a, b) => tables.order(own(a), own(b), sign); arrange(); });
    });
    byTopic.onclick = () => { sorted = !sorted; pressed(byTopic, sorted); arrange(); filter(); };
  }

  const follow = () => {
    const target = location.hash.length > 1 && one(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const pane = target.closest(".pane");
    if (pane) document.querySelector(`[data-pane="${pane.id}"]`).checked = true;
    if (target.matches("details")) target.hidden = false;
    for (let at = target.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
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

  let closed = []; // what matters is open on paper; the rest as its reader left it
  addEventListener("beforeprint", () => { closed = all("details.matters:not([open])"); closed.forEach((row) => { row.open = true; }); });
  addEventListener("afterprint", () => { closed.forEach((row) => { row.open = false; }); });
})();
