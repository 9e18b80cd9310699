// One report: findings beside the original, each joined to its place in both directions.
function report(n, want, keep) {
  const [r, d] = [DATA.reports[n], detail(n)];
  const numbers = d.findings.map((_, at) => at + 1);
  const { sheet, places } = paper(n);
  const suspects = new Set(d.blocks.flatMap((b) => (b.slip ? b.slip.cells.map(([place]) => place) : [])));
  let chosen = null;
  const lit = () => $$(".lit", sheet);

  const go = {
    // From a finding to its place.
    finding(at, { quiet = false } = {}) {
      choose(at);
      const first = spots(d.findings[at])[0];
      if (first) { reveal(first); if (!quiet) focusable(first)?.focus({ preventScroll: true }); }
      dock(at);
    },
    // From a place to a finding.
    mark(at) {
      choose(at);
      const el = $(`#f${at}`) ?? showHidden(at);
      reveal(el, "nearest");
      el.focus({ preventScroll: true });
      dock(at);
    },
    cell(place, at) {
      const el = elementsAt(place, places)[0];
      if (at !== null) choose(at);
      if (!el) return;
      reveal(el);
      el.classList.add("lit", "strong");
      focusable(el)?.focus({ preventScroll: true });
    },
    back() { if (chosen !== null) { const el = $(`#f${chosen}`); reveal(el); el.focus({ preventScroll: true }); } },
  };

  function spots(f) {
    const all = f.at.flatMap((place) => elementsAt(place, places));
    const likely = f.at.filter((place) => suspects.has(place)).flatMap((place) => elementsAt(place, places));
    const strong = all.filter((el) => !weak(el));
    return [...new Set([...likely, ...strong, ...all])];
  }

  function choose(at) {
    for (const el of lit()) el.classList.remove("lit", "strong");
    for (const el of $$('.place[aria-pressed="true"]')) { el.setAttribute("aria-pressed", "false"); const box = $(":scope > .facts", el.parentElement); box.hidden = true; box.replaceChildren(); }
    chosen = at;
    S.chosen = at;
    const f = d.findings[at];
    for (const [order, el] of spots(f).entries()) el.classList.add("lit", ...(order === 0 ? ["strong"] : []));
    const button = $(`#f${at}`) ?? showHidden(at);
    button.setAttribute("aria-pressed", "true");
    const facts = $(":scope > .facts", button.parentElement);
    replace(facts, factTable(f, n, go));
    facts.hidden = !facts.childNodes.length;
  }

  function showHidden(at) {
    const holder = $$("[data-holds]").find((el) => el.dataset.holds.split(" ").includes(String(at)));
    holder?.click();
    return $(`#f${at}`);
  }

  function dock(at) {
    const f = d.findings[at];
    const step = (by) => () => go.finding((at + by + d.findings.length) % d.findings.length);
    replace($("#dock"), h("button", { type: "button", "aria-label": W("page.previous"), on: { click: step(-1) } }, "‹"), h("button", { type: "button", class: "dock-text", on: { click: go.back } }, h("span", { class: `number ${f.o}` }, numbers[at]), " ", bdi(f.sum || say(f.m))), h("button", { type: "button", "aria-label": W("page.next"), on: { click: step(1) } }, "›"));
    $("#dock").hidden = false;
  }

  decorate(d, numbers, places, go);
  const cards = findingCards(n, numbers, go);
  const view = h("div", { class: "report" }, reportHead(r, d, n),
    h("div", { class: "sides" }, h("aside", { class: "findings", "aria-label": W("page.findings") }, listFilter(d), cards, tail(d, n, go)), sheet), h("div", { id: "dock", class: "dock", hidden: true, role: "toolbar", "aria-label": W("page.finding") }));
  sheet.addEventListener("keydown", (event) => { if (event.key === "Escape") go.back(); });
  const begin = () => {
    if (keep && S.chosen !== null) choose(S.chosen);
    if (!keep) S.chosen = null;
    if (want === null) return;
    const at = /^\d+$/.test(want) ? Number(want) : firstOf(d, want);
    if (at !== undefined && at >= 0 && at < d.findings.length) go.mark(at);
  };
  return { view, begin };
}

const weak = (el) => el.classList.contains("zero");
const focusable = (el) => (el.matches("button,[tabindex]") ? el : $("button,[tabindex]", el));

function firstOf(d, want) {
  const [kind, key] = want.split("/");
  return d.findings.findIndex((f) => (kind === "family" ? family(f.r) : f.r) === key);
}

// Marks on the original: the worst finding gives the colour, the numbers say which ones.
function decorate(d, numbers, places, go) {
  const on = new Map();
  for (const [at, f] of d.findings.entries()) {
    const all = [...new Set(f.at.flatMap((place) => elementsAt(place, places)))];
    const strong = all.filter((el) => !weak(el) && (f.o !== "open" || !el.matches(".slot.read")));
    for (const el of strong.length || f.o === "open" ? strong : all) on.set(el, [...(on.get(el) ?? []), at]);
  }
  for (const [el, ats] of on) {
    const worst = ["fail", "review", "open"].find((o) => ats.some((at) => d.findings[at].o === o));
    const label = `${W("page.finding")} ${joined(ats.map((at) => numbers[at]))}`;
    const act = (() => { let turn = -1; return () => { turn = (turn + 1) % ats.length; go.mark(ats[turn]); }; })();
    const badge = h("sup", { class: `badge ${worst}`, "aria-hidden": "true" }, ats.length > 2 ? `${numbers[ats[0]]}…` : joined(ats.map((at) => numbers[at])).replaceAll("、", ","));
    el.classList.add("marked", `m-${worst}`);
    if (el.matches("mark")) {
      dress(el, { tabindex: 0, role: "button", "aria-label": `${el.textContent} · ${label}`, on: { click: act, keydown: (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); act(); } } } });
      el.append(badge);
    } else if (el.matches("td.slot")) {
      el.append(h("button", { type: "button", class: "mark-button", "aria-label": `${el.textContent} · ${label}`, on: { click: act } }, [...el.childNodes], badge));
    } else {
      el.append(h("button", { type: "button", class: "mark-badge", "aria-label": label, on: { click: act } }, badge));
    }
  }
}

function reportHead(r, d, n) {
  const facts = [r.y ? W("head.period", { year: r.y }) : W("head.no_period"), W("head.form", { form: r.form }), d.published ? W("head.published", { date: d.published }) : null].filter(Boolean);
  const arrow = (to, key, text) => (DATA.reports[to] ? h("a", { href: `#/report/${to}`, title: nameOf(DATA.reports[to]), "aria-label": W(key) }, text) : h("span", { class: "off", "aria-hidden": "true" }, text));
  return h("header", { class: "report-head" },
    h("nav", { class: "crumbs", "aria-label": W("page.where_am_i") }, h("a", { href: "#/", class: "back" }, "← ", W("page.all_reports")), h("span", { class: "spread" }), arrow(n - 1, "page.previous_report", "‹"), h("span", { class: "soft" }, `${n + 1} / ${DATA.reports.length}`), arrow(n + 1, "page.next_report", "›")),
    h("div", { class: "title-row" }, seal(r.l, "large"), h("div", { class: "title-text" }, h("h1", { tabindex: "-1" }, bdi(nameOf(r))), h("p", { class: "soft" }, facts.join(" · ")), h("p", { class: "soft file" }, bdi(r.src))),
      h("div", { class: "score-box" }, r.p === null ? h("b", { class: "ungraded" }, letterOf(null)) : [h("b", { class: `score ${gradeClass(r.l)}` }, String(r.p)), h("span", { class: "of" }, ` / 100 · ${letterOf(r.l)}`), scoreBar(r.p, r.l)], h("p", { class: "soft" }, W("grade.unofficial"), " · ", W("grade.evaluated", { judged: r.ev[0], total: r.ev[1] })))),
    r.why ? h("p", { class: "notice open" }, SIGNS.open, " ", bdi(say(r.why))) : null,
    r.veto.length ? h("p", { class: "notice fail" }, W("grade.veto", { rules: joined(r.veto) })) : null,
    d.overrides.length ? h("p", { class: "notice plain" }, W("page.told"), W("joint.colon"), bdi(joined(d.overrides.map(say)))) : null,
    d.duplicates.length ? h("p", { class: "notice plain" }, W("head.duplicates"), W("joint.colon"), bdi(joined(d.duplicates))) : null,
    h("ul", { class: "outcomes" }, OUTCOMES.map((o) => h("li", { class: r.c[o] ? "" : "nil" }, sign(o), " ", W(`outcome.${o}`), " ", h("b", {}, r.c[o]))), h("li", { class: r.cells[0] < r.cells[1] ? "partial" : "" }, W("read.cells", { read: r.cells[0], total: r.cells[1] })), h("li", {}, W("read.sections", { read: d.whole[0], total: d.whole[1] }))));
}

function listFilter(d) {
  const kinds = ["fail", "review", "open"].filter((o) => d.blocks.some((b) => b.o === o));
  if (kinds.length < 2) return h("h2", { class: "side-title" }, W("page.findings"));
  const show = (kind, button) => {
    for (const el of $$(".found")) el.hidden = kind !== "all" && el.dataset.outcome !== kind;
    for (const el of $$(".side-filter .toggle")) el.setAttribute("aria-pressed", String(el === button));
  };
  const buttons = ["all", ...kinds].map((kind) => { const el = toggle(kind === "all" ? W("page.all") : [sign(kind), W(`outcome.${kind}`)], kind === "all", () => show(kind, el)); return el; });
  return h("div", { class: "side-filter", role: "group", "aria-label": W("page.findings") }, h("h2", { class: "side-title" }, W("page.findings")), buttons);
}

// Below the findings: possible corrections, points, what was noticed in reading.
function tail(d, n, go) {
  const { form } = DATA.reports[n];
  const cellLink = ([path, read, would, elsewhere]) => (elsewhere ? null : h("span", { class: "repair" }, h("button", { type: "button", class: "cell-link", on: { click: () => go.cell(`c:${path}`, null) } }, labelOf(form, path)), " ", h("s", {}, read === null ? W("finding.blank") : String(read)), " → ", h("b", {}, String(would))));
  const fixesOf = (fix) => h("li", { class: `band-${fix.band}` }, fix.cells.slice(0, 8).map(cellLink), fix.text && fix.cells.some((c) => c[3]) ? h("span", {}, say(fix.text)) : null, h("span", { class: "soft" }, " ", say(fix.remark)));
  const diagnosisOf = (one) => h("div", { class: "diagnosis" }, h("p", { class: "soft" }, bdi(say(one.broken))), h("p", {}, h("b", {}, bdi(say(one.head)))), one.repairs.length ? h("ol", {}, one.repairs.map(fixesOf)) : null, h("p", { class: "soft" }, say(one.foot)), one.ask ? h("p", {}, bdi(say(one.ask))) : null);
  const follow = d.derived.filter(([, v]) => v !== 0);
  const block = (title, inner) => h("details", { class: "tail", open: S.printing }, h("summary", {}, title), inner);
  return [
    pastList(d),
    d.diagnoses.length ? h("section", { class: "tail repairs" }, h("h3", {}, W("page.repairs")), d.diagnoses.map(diagnosisOf)) : null,
    d.derived.length ? block(W("page.derived", { count: d.derived.length, zero: d.derived.length - follow.length }), h("ul", { class: "noticed" }, follow.map(([path, v]) => h("li", {}, h("button", { type: "button", class: "cell-link", on: { click: () => go.cell(`c:${path}`, null) } }, labelOf(form, path)), " = ", h("b", {}, String(v)))))) : null,
    d.deductions.length ? block(W("page.deductions"), h("table", { class: "fact-table" }, h("tbody", {}, d.deductions.map(([id, points, capped, sameAs]) => h("tr", {}, h("th", { scope: "row" }, h("code", {}, id), " ", say(rule(id).t)), h("td", {}, sameAs ? W("page.same_as", { rule: sameAs }) : `−${points}`, capped ? ` ${W("page.capped")}` : "")))))) : null,
    d.seen.length ? block(W("page.noticed", { count: d.seen.length }), h("ul", { class: "noticed" }, d.seen.map(([words, label, text, path, at]) => h("li", {}, h("b", {}, say(words)), " ", path && S.lang === "en" ? glossed(path) : bdi(label), text ? [" ", h("q", {}, bdi(text))] : "", " ", h("span", { class: "soft" }, filePlace(at)))))) : null,
  ];
}
