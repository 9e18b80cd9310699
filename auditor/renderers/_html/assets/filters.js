// Which reports are shown. Severity, outcome and family must hold of one and the same rule.
function matchesRule([id, outcome, severity]) {
  const f = S.filter;
  return (!f.severity.size || f.severity.has(severity)) && (!f.outcome.size || f.outcome.has(outcome)) && (!f.family.size || f.family.has(family(id)));
}

// What is waived at every place counts as no failure.
const stands = ([, outcome, , places, waived]) => outcome !== "fail" || waived < places;

function matches(report, n) {
  const f = S.filter;
  if (f.grade.size && !f.grade.has(report.l ?? "")) return false;
  if (f.year.size && !f.year.has(String(report.y ?? ""))) return false;
  if ((f.severity.size || f.outcome.size || f.family.size) && !report.r.some(matchesRule)) return false;
  const wanted = f.text.trim().toLowerCase();
  return !wanted || wanted.split(/\s+/).every((part) => hay(n).includes(part));
}

const shownReports = () => DATA.reports.map((r, n) => [r, n]).filter(([r, n]) => matches(r, n));
const filtered = () => Object.values(S.filter).some((v) => (typeof v === "string" ? v.trim() : v.size));

// All that can be searched of a report, made when it is first needed or when there is time.
const hays = [];
function hay(n) {
  if (hays[n] === undefined) {
    const r = DATA.reports[n];
    const d = detail(n);
    const parts = [r.n, r.y, r.src, letterOf(r.l), ...r.r.map(([id]) => `${id} ${rule(id).t.join(" ")}`)];
    for (const f of d.findings) parts.push(...(f.m ?? []), ...(f.w ?? []), ...f.e.map((e) => e[3]));
    for (const [, , text] of d.head) parts.push(flat(text));
    for (const s of d.sections) parts.push(flat(s.heading), flat(s.text));
    hays[n] = parts.filter(Boolean).join("\n").toLowerCase();
    if (DATA.reports.length > 200) details.delete(n);
  }
  return hays[n];
}
const flat = (paragraphs) => (paragraphs ?? []).map((runs) => runs.map((run) => (typeof run === "string" ? run : run[0])).join("")).join("\n");

function indexWhenIdle() {
  const later = window.requestIdleCallback ?? ((act) => setTimeout(() => act({ timeRemaining: () => 5 }), 50));
  let n = 0;
  const work = (idle) => {
    while (n < DATA.reports.length && idle.timeRemaining() > 4) hay(n++);
    if (n < DATA.reports.length) later(work);
  };
  later(work);
}

function flip(kind, value) {
  const chosen = S.filter[kind];
  if (chosen.has(value)) chosen.delete(value);
  else chosen.add(value);
  S.rows = PAGE_OF_ROWS;
  for (const el of $$(`[data-filter="${kind}"]`)) el.setAttribute("aria-pressed", String(chosen.has(kind === "severity" ? Number(el.dataset.value) : el.dataset.value)));
  if (kind === "year") replace($("#hero"), hero());
  refreshResults();
}

function clearFilters() {
  for (const [kind, value] of Object.entries(S.filter)) {
    if (typeof value === "string") S.filter[kind] = "";
    else value.clear();
  }
  $("#search").value = "";
  replace($("#hero"), hero());
  for (const el of $$("[data-filter]")) el.setAttribute("aria-pressed", "false");
  refreshResults();
  $("#search").focus();
}

function choice(kind, value, ...text) {
  const el = toggle(text, S.filter[kind].has(value), () => flip(kind, value));
  el.dataset.filter = kind;
  el.dataset.value = String(value);
  return el;
}

function group(title, ...buttons) {
  return h("div", { class: "filter-group", role: "group", "aria-label": title }, h("span", { class: "filter-name", "aria-hidden": "true" }, title), buttons);
}

function filterBar() {
  let wait = 0;
  const search = h("input", {
    id: "search", type: "search", placeholder: W("page.search"), "aria-label": W("page.search"), value: S.filter.text, autocomplete: "off", spellcheck: "false",
    on: { input: () => { clearTimeout(wait); wait = setTimeout(() => { S.filter.text = search.value; S.rows = PAGE_OF_ROWS; refreshResults(); }, 120); } },
  });
  const years = [...new Set(DATA.reports.map((r) => String(r.y ?? "")))].sort().reverse();
  return h("section", { class: "filters", "aria-label": W("page.filters") },
    h("div", { class: "search" }, h("span", { class: "search-sign", "aria-hidden": "true" }, "⌕"), search, h("kbd", { "aria-hidden": "true" }, "/")),
    group(W("page.severity"), SEVERITIES.map((s) => choice("severity", s, W(`severity.${SEVERITY[s]}`)))),
    group(W("page.outcome"), ["fail", "review", "open"].map((o) => choice("outcome", o, sign(o), W(`outcome.${o}`)))),
    group(W("page.family"), DATA.families.map(([key, name]) => choice("family", key, say(name)))),
    group(W("page.grade"), [...GRADES, null].map((g) => choice("grade", g ?? "", letterOf(g)))),
    years.length > 1 ? group(W("page.year"), years.map((y) => choice("year", y, y || "–"))) : null,
    h("div", { class: "filter-end" }, h("output", { id: "shown", "aria-live": "polite" }),
      h("button", { type: "button", id: "clear", class: "quiet", on: { click: clearFilters } }, W("page.clear"))));
}
