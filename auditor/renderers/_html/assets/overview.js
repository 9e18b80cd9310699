// The run as a whole: what there is, who stands where, rule by rule, what was set aside.
const COLUMNS = {
  rank: (r, n) => n,
  name: (r) => nameOf(r),
  year: (r) => r.y ?? 0,
  score: (r) => (r.p === null ? -1 : Number(r.p)),
  failed: (r) => r.f.reduce((sum, count, n) => sum + count * 1000 ** (3 - n), 0),
  review: (r) => r.c.review,
  open: (r) => r.c.open,
  cells: (r) => (r.cells[1] ? r.cells[0] / r.cells[1] : 0),
};

function sorted(rows) {
  const { key, down } = S.sort;
  const of = key.startsWith("family:") ? (r) => { const f = heatOf(r, key.slice(7)); return f.worst * 1e6 + f.fail * 1e4 + f.review * 100 + f.open; } : COLUMNS[key];
  const keyed = rows.map((row) => [of(...row), row]);
  const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b, S.lang === "zh" ? "zh-Hans" : "en") : a - b);
  keyed.sort((a, b) => (down ? -1 : 1) * compare(a[0], b[0]) || a[1][1] - b[1][1]);
  return keyed.map(([, row]) => row);
}

function sortHead(key, text, cls = "", title = "") {
  const mine = S.sort.key === key;
  const state = mine ? (S.sort.down ? "descending" : "ascending") : "none";
  const act = () => {
    S.sort = { key, down: mine ? !S.sort.down : !["rank", "name"].includes(key) };
    refreshResults();
    $(`[data-sort="${key}"]`)?.focus();
  };
  return h("th", { role: "columnheader", scope: "col", class: cls, "aria-sort": state },
    h("button", { type: "button", class: "sort", "data-sort": key, title, on: { click: act } }, h("span", {}, text),
      h("span", { class: "arrow", "aria-hidden": "true" }, mine ? (S.sort.down ? "↓" : "↑") : "")));
}

function rankingTable(rows) {
  const shown = S.printing ? rows : rows.slice(0, S.rows);
  const head = h("tr", { role: "row" }, sortHead("rank", W("page.rank"), "num"), sortHead("name", W("page.agency")), sortHead("year", W("page.year")),
    sortHead("score", W("page.grade"), "grade-col"), sortHead("failed", W("outcome.fail")), DATA.families.map(([key, name]) => sortHead(`family:${key}`, say(name), "heat-head", say(name))),
    sortHead("review", W("outcome.review"), "num"), sortHead("open", W("outcome.open"), "num"), sortHead("cells", W("page.cells"), "num"));
  const body = walkable(h("tbody", { role: "rowgroup" }, byYear(shown)), "a.agency");
  const table = h("table", { class: "ranking", role: "table", "aria-label": W("page.ranking") }, h("thead", { role: "rowgroup" }, head), body);
  const rest = rows.length - shown.length;
  return [h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": W("page.ranking") }, table),
    rest ? h("button", { type: "button", class: "more", on: { click: () => { const from = S.rows; S.rows += 400; refreshResults(); $$("a.agency")[from]?.focus(); } } }, W("page.more_rows", { count: rest })) : null];
}

// Every year has its own ranks: in their order each begins with a row that names it.
function byYear(rows) {
  const several = S.sort.key === "rank" && new Set(DATA.reports.map((r) => r.y)).size > 1;
  const columns = 8 + DATA.families.length;
  return rows.map(([r, n], at) => [several && r.y !== rows[at - 1]?.[0].y
    ? h("tr", { role: "row", class: "year-row" }, h("th", { role: "rowheader", scope: "rowgroup", colspan: columns }, r.y ? W("page.of_year", { year: r.y }) : W("page.no_year"))) : null, rankingRow(r, n)]);
}

function rankingRow(r, n) {
  const waived = r.r.reduce((sum, row) => sum + row[4], 0);
  return h("tr", { role: "row", "data-report": n },
    h("td", { role: "cell", class: "num rank" }, r.k),
    h("td", { role: "cell", class: "who" }, h("a", { class: "agency", href: `#/report/${n}` }, bdi(nameOf(r))), h("span", { class: "file" }, bdi(r.src.slice(FOLDER.length))),
      waived ? h("span", { class: "chip waived" }, W("page.waived_count", { count: waived })) : null),
    h("td", { role: "cell", class: "year", "data-label": W("page.year") }, r.y ?? "–"),
    h("td", { role: "cell", class: "grade-col", "data-label": W("page.grade") }, h("span", { class: "graded" }, seal(r.l, "small"), h("span", { class: "sr" }, letterOf(r.l)),
      r.p === null ? h("span", { class: "ungraded", title: say(r.why) }, letterOf(null)) : [h("b", { class: "score" }, String(r.p)), scoreBar(r.p, r.l)])),
    h("td", { role: "cell", "data-label": W("outcome.fail") }, severityCounts(r.f)),
    DATA.families.map((f) => heatCell(r, n, f)),
    h("td", { role: "cell", class: "num", "data-label": W("outcome.review") }, plainCount(r.c.review, "review")),
    h("td", { role: "cell", class: "num", "data-label": W("outcome.open") }, plainCount(r.c.open, "open")),
    h("td", { role: "cell", class: `num cells ${r.cells[0] < r.cells[1] ? "partial" : ""}`, "data-label": W("page.cells") }, `${r.cells[0]}/${r.cells[1]}`));
}

// The folder that all files share is said once.
const FOLDER = (() => {
  const all = DATA.reports.map((r) => r.src);
  let lead = all.length > 1 ? all[0].slice(0, all[0].lastIndexOf("/") + 1) : "";
  while (lead && !all.every((src) => src.startsWith(lead))) lead = lead.slice(0, lead.lastIndexOf("/", lead.length - 2) + 1);
  return lead;
})();

// Rule by rule, among the reports that are shown.
function ruleTable(rows) {
  const tallies = new Map();
  for (const [r, n] of rows) for (const row of r.r) {
    const [id, outcome, severity] = row;
    if (!matchesRule(row) || !stands(row) || !["fail", "review", "open"].includes(outcome)) continue;
    if (!tallies.has(id)) tallies.set(id, { id, severity, fail: [], review: [], open: [] });
    tallies.get(id)[outcome].push(n);
  }
  const weight = (t) => [t.fail.length ? 0 : t.review.length ? 1 : 2, -t.severity, -t.fail.length, -t.review.length];
  const ordered = [...tallies.values()].sort((a, b) => { const [x, y] = [weight(a), weight(b)]; const at = x.findIndex((v, n) => v !== y[n]); return at < 0 ? (a.id < b.id ? -1 : 1) : x[at] - y[at]; });
  if (!ordered.length) return h("p", { class: "calm" }, SIGNS.pass, " ", W("page.all_pass"));
  const most = Math.max(1, ...ordered.map((t) => t.fail.length + t.review.length + t.open.length));
  return walkable(h("div", { class: "rules" }, ordered.map((t) => ruleRow(t, most))), "summary");
}

function ruleRow(t, most) {
  const all = ["fail", "review", "open"];
  const bar = h("span", { class: "rule-bar", "aria-hidden": "true" }, all.map((o) => (t[o].length ? h("span", { class: `rule-ink ${o}`, style: { width: `${(100 * t[o].length) / most}%` } }) : null)));
  const counts = h("span", { class: "rule-counts" }, all.map((o) => (t[o].length ? h("span", { class: `count ${o}` }, `${SIGNS[o]} `, h("span", { class: "sr" }, W(`outcome.${o}`), " "), String(t[o].length)) : null)));
  const box = h("details", { class: "rule" }, h("summary", {}, h("code", {}, t.id), h("span", { class: "rule-title" }, say(rule(t.id).t)), severityChip(t.severity), bar, counts));
  box.addEventListener("toggle", () => { if (box.open && box.children.length === 1) box.append(ruleReports(t)); });
  return box;
}

function ruleReports(t) {
  const lines = ["fail", "review", "open"].filter((o) => t[o].length).map((o) => h("div", { class: "rule-reports" }, outcomeChip(o),
    h("ul", {}, t[o].map((n) => h("li", {}, h("a", { href: `#/report/${n}/rule/${t.id}` }, bdi(nameOf(DATA.reports[n])), " ", h("span", { class: "soft" }, DATA.reports[n].y ?? "")))))));
  return h("div", { class: "rule-body" }, lawAndFix([t.id]), lines);
}

// Who has handed in nothing, by what is said of them.
function absent() {
  if (!DATA.missing.length) return null;
  const told = Map.groupBy ? Map.groupBy(DATA.missing, (r) => say(r[2])) : DATA.missing.reduce((map, r) => map.set(say(r[2]), [...(map.get(say(r[2])) ?? []), r]), new Map());
  return h("section", { class: "panel", id: "absent", "aria-labelledby": "absent-title" }, h("h2", { id: "absent-title" }, W("page.missing"), h("span", { class: "tally" }, DATA.missing.length)),
    h("ul", { class: "aside-list" }, [...told].map(([text, rows]) => h("li", { class: rows[0][3] ? "unread" : "" },
      h("span", { class: `chip ${rows[0][3] ? "out-open" : "out-fail"}` }, rows[0][3] ? `${SIGNS.open} ${W("page.unsure")}` : `${SIGNS.fail} ${W("page.missing")}`),
      h("div", {}, rows.map(([name], at) => [at ? W("joint.list") : null, h("b", { class: "file-name" }, bdi(name))]), h("p", {}, bdi(text)))))));
}

function setAside() {
  const files = [...DATA.refused.map((r) => [...r, ""]), ...DATA.faults];
  if (!files.length) return null;
  return h("section", { class: "panel", id: "aside", "aria-labelledby": "aside-title" }, h("h2", { id: "aside-title" }, W("page.set_aside"), h("span", { class: "tally" }, files.length)),
    h("ul", { class: "aside-list" }, files.map(([file, kind, told, unread, trace]) => h("li", { class: unread ? "unread" : "" },
      h("span", { class: `chip ${unread ? "out-open" : "plain"}` }, unread ? `${SIGNS.open} ${W("refused.unread")}` : word(`refused.${kind}`, kind)),
      h("div", {}, h("b", { class: "file-name" }, bdi(file)), h("p", {}, bdi(say(told))), trace ? h("details", {}, h("summary", {}, W("page.trace")), h("pre", {}, trace)) : null)))));
}

function figure(count, text, cls = "", href = null) {
  const inner = [h("b", { class: cls }, String(count)), h("span", {}, text)];
  return h("li", { class: "figure" }, href ? h("a", { href: `#${href}`, on: { click: (e) => { e.preventDefault(); reveal($(`#${href}`), "start"); $(`#${href}-title`).setAttribute("tabindex", "-1"); $(`#${href}-title`).focus({ preventScroll: true }); } } }, inner) : inner);
}

// The figures of the years that are chosen, of all where none is; which years these are is said.
function hero() {
  const chosen = S.filter.year;
  const all = DATA.reports.filter((r) => !chosen.size || chosen.has(String(r.y ?? "")));
  const total = (of) => all.reduce((sum, r) => sum + of(r), 0);
  const aside = DATA.refused.length + DATA.faults.length;
  const failed = (r) => r.f.reduce((sum, count) => sum + count, 0);
  const failing = all.filter(failed).length;
  const sure = DATA.missing.filter((r) => !r[3]).length;
  return [yearsOf(all),
      h("ul", { class: "figures" }, figure(all.length, W("page.reports")), figure(failing, W("page.failing"), failing ? "fail" : ""),
        figure(total(failed), W("page.rules_failed"), "fail"), figure(total((r) => r.c.review), W("page.to_review"), "review"),
        figure(total((r) => r.c.open), W("page.unread"), "open"), aside ? figure(aside, W("page.set_aside"), "", "aside") : null,
        DATA.missing.length ? figure(sure, [W("page.missing"), sure < DATA.missing.length ? W("page.more_unsure", { count: DATA.missing.length - sure }) : null], sure ? "fail" : "", "absent") : null),
      h("div", { class: "card" }, h("h2", {}, W("page.grades")), distribution(all)),
      h("div", { class: "card" }, h("h2", {}, W("page.scores")), histogram(all))];
}

function yearsOf(reports) {
  if (new Set(DATA.reports.map((r) => r.y)).size < 2) return null;
  const counts = new Map();
  for (const r of reports) counts.set(r.y, (counts.get(r.y) ?? 0) + 1);
  const told = [...counts].sort((a, b) => (b[0] ?? 0) - (a[0] ?? 0)).map(([y, count]) => W("page.year_count", { year: y ? W("page.of_year", { year: y }) : W("page.no_year"), count }));
  return h("p", { class: "soft years" }, W(counts.size > 1 ? "page.all_years" : "page.one_year", { years: joined(told) }));
}

function overview() {
  const unread = DATA.refused.filter((r) => r[3]).length + DATA.faults.length;
  return [
    h("div", { class: "lead" }, h("h1", {}, W("page.heading")), h("p", { class: "soft" }, W("page.unofficial"), FOLDER ? [" ", W("page.folder"), W("joint.colon"), bdi(FOLDER)] : null)),
    unread ? h("p", { class: "notice open", role: "note" }, SIGNS.open, " ", W("page.incomplete", { count: unread })) : null,
    h("section", { class: "hero", id: "hero", "aria-label": W("page.at_a_glance") }, hero()),
    filterBar(), h("div", { id: "results" }), absent(), setAside(),
  ];
}

function refreshResults() {
  const rows = sorted(shownReports());
  $("#shown").textContent = W("page.shown", { count: rows.length, total: DATA.reports.length });
  $("#clear").hidden = !filtered();
  replace($("#results"),
    h("section", { class: "panel", "aria-labelledby": "ranking-title" }, h("h2", { id: "ranking-title" }, W("page.ranking")), h("p", { class: "hint" }, W("page.heat_hint")),
      rows.length ? rankingTable(rows) : h("p", { class: "calm" }, W(DATA.reports.length ? "page.none_match" : "page.no_reports"))),
    rows.length ? h("section", { class: "panel", "aria-labelledby": "rules-title" }, h("h2", { id: "rules-title" }, W("page.by_rule")), ruleTable(rows)) : null);
}
