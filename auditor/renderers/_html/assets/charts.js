// Plain SVG and boxes: a bar is enough here, and every bar has its number beside it.
function distribution(reports) {
  const grades = [...GRADES, null];
  const counts = new Map(grades.map((g) => [g, 0]));
  for (const r of reports) counts.set(r.l, (counts.get(r.l) ?? 0) + 1);
  const years = [...new Set(reports.map((r) => r.y))];
  const strip = years.map((year) => h("div", { class: "strip", "aria-hidden": "true" }, years.length > 1 ? h("span", { class: "strip-year" }, year ?? "–") : null, grades.map((g) => {
    const count = reports.filter((r) => r.y === year && r.l === g).length;
    return count ? h("span", { class: `strip-part ${gradeClass(g)}`, style: { "flex-grow": String(count) } }) : null;
  })));
  const list = h("ul", { class: "legend" }, [...counts].map(([g, count]) => {
    const key = g ?? "";
    return h("li", {}, h("button", {
      type: "button", class: `legend-item ${count ? "" : "empty"}`, "aria-pressed": String(S.filter.grade.has(key)), "data-filter": "grade", "data-value": key,
      on: { click: () => flip("grade", key) },
    }, seal(g, "small"), h("span", { class: letterOf(g) === g ? "sr" : "legend-word" }, letterOf(g)), h("b", {}, String(count))));
  }));
  return h("div", { class: "distribution" }, strip, list);
}

function histogram(reports) {
  const bins = Array.from({ length: 10 }, () => 0);
  const graded = reports.filter((r) => r.p !== null);
  for (const r of graded) bins[Math.min(9, Math.max(0, Math.floor(Number(r.p) / 10)))] += 1;
  const most = Math.max(1, ...bins);
  const [wide, high, foot] = [340, 96, 18];
  const step = wide / 10;
  const told = bins.map((count, n) => (count ? W("page.bin", { from: n * 10, to: n === 9 ? 100 : n * 10 + 9, count }) : "")).filter(Boolean);
  const bars = bins.map((count, n) => {
    const tall = count ? Math.max(3, (count / most) * (high - 18)) : 0;
    return svg("g", {},
      count ? svg("rect", { class: "hist-bar", x: n * step + 3, y: high - tall, width: step - 6, height: tall, rx: 2 }) : null,
      count ? svg("text", { class: "hist-count", x: n * step + step / 2, y: high - tall - 5, "text-anchor": "middle" }, count) : null);
  });
  const ticks = [0, 20, 40, 60, 80, 100].map((at) =>
    svg("text", { class: "hist-tick", x: Math.min(wide - 2, Math.max(2, (at / 100) * wide)), y: high + foot - 3, "text-anchor": at === 0 ? "start" : at === 100 ? "end" : "middle" }, at));
  return svg("svg", { class: "hist", viewBox: `0 0 ${wide} ${high + foot}`, role: "img", "aria-label": `${W("page.scores")}${W("joint.colon")}${told.join(W("joint.stop"))}` },
    svg("line", { class: "hist-axis", x1: 0, x2: wide, y1: high + 0.5, y2: high + 0.5 }), bars, ticks);
}

// One cell of the heat map: how many rules of a family failed in a report, and how badly.
function heatOf(report, key) {
  const found = { fail: 0, review: 0, open: 0, worst: 0 };
  for (const row of report.r) {
    const [id, outcome, severity] = row;
    if (family(id) !== key || !(outcome in found) || !stands(row)) continue;
    found[outcome] += 1;
    if (outcome === "fail") found.worst = Math.max(found.worst, severity);
  }
  return found;
}

function heatCell(report, n, [key, name]) {
  const found = heatOf(report, key);
  const told = ["fail", "review", "open"].filter((o) => found[o]).map((o) => `${W(`outcome.${o}`)} ${found[o]}`);
  const label = `${say(name)}${W("joint.colon")}${told.length ? joined(told) : W("page.nothing")}`;
  const kind = found.fail ? `hot sev-${SEVERITY[found.worst]} n${Math.min(found.fail, 4)}` : found.review ? "cool review" : found.open ? "cool open" : "clear";
  const text = found.fail ? String(found.fail) : found.review ? `${SIGNS.review}${found.review}` : found.open ? `${SIGNS.open}${found.open}` : "·";
  const inner = told.length ? h("a", { class: `heat ${kind}`, href: `#/report/${n}/family/${key}`, title: label, "aria-label": label }, text)
    : h("span", { class: "heat clear", title: label }, h("span", { "aria-hidden": "true" }, text), h("span", { class: "sr" }, W("page.nothing")));
  return h("td", { role: "cell", class: "heat-cell", "data-label": say(name) }, inner);
}
