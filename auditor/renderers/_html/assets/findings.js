// The findings of a report, one card a rule or slip, each place a button that goes to the original.
const PLACES_AT_FIRST = 8;
const FACTS_AT_MOST = 12;

function findingCards(n, numbers, go) {
  const d = detail(n);
  if (!d.blocks.length) {
    const r = DATA.reports[n];
    return h("div", { class: "calm-card" }, sign("pass"), h("p", {}, W("page.clean", { count: r.c.pass })), r.na.length ? h("p", { class: "soft" }, W("page.not_applicable", { count: r.na.length, rules: joined(r.na) })) : null);
  }
  const sections = ["fail", "review", "open", "waived"].map((outcome) => {
    const blocks = d.blocks.filter((b) => kindOf(b) === outcome);
    if (!blocks.length) return null;
    const rules = new Set(blocks.flatMap((b) => b.r)).size;
    const title = outcome === "waived" ? W("page.waived") : W(`outcome.${outcome}`);
    return h("section", { class: `found ${outcome}`, "data-outcome": outcome, "aria-label": title },
      h("h3", {}, outcome === "waived" ? null : [sign(outcome), " "], title, h("span", { class: "tally" }, rules)), outcome === "fail" || outcome === "waived" ? null : h("p", { class: "hint" }, W(`page.${outcome}_hint`)),
      blocks.map((b) => card(b, d, n, numbers, go)));
  });
  return walkable(h("div", { class: "cards" }, sections), ".place");
}

// What is waived and passes by that is a kind of its own: it must stay in sight.
const kindOf = (b) => (["fail", "review", "open"].includes(b.o) ? b.o : "waived");

function card(b, d, n, numbers, go) {
  const severity = b.o === "fail" ? severityChip(b.s) : null;
  const families = [...new Set(b.r.map(family))];
  const title = b.slip ? slipTitle(b) : [h("code", {}, b.r[0]), " ", say(rule(b.r[0]).t)];
  const box = h("article", { class: `card-finding ${b.o} sev-${SEVERITY[b.s]}`, "data-rules": b.r.join(" "), "data-families": families.join(" ") },
    h("h4", {}, severity, h("span", { class: "card-title" }, title)),
    b.slip ? [slipCells(b, n, go), h("p", { class: "soft" }, b.r.map((id) => `${id} ${say(rule(id).t)}`).join(W("joint.stop")))] : null,
    b.why ? h("p", { class: "soft" }, bdi(say(b.why))) : null, placeList(b, d, n, numbers, go),
    remarks(b, d), b.o === "open" ? null : lawAndFix(b.r));
  return box;
}

function slipTitle(b) {
  return W(b.slip.cells.length === 1 ? "page.one_slip" : "page.several_slips", { count: b.f.length, difference: b.slip.d });
}

function slipCells(b, n, go) {
  const { form } = DATA.reports[n];
  return h("p", { class: "slip" }, b.slip.cells.slice(0, 8).map(([place, ...label]) => h("button", { type: "button", class: "cell-link", on: { click: () => go.cell(place, b.f[0]) } }, labelOf(form, place.slice(2), S.lang === "en" ? null : label))));
}

function placeList(b, d, n, numbers, go) {
  const all = S.printing ? b.f : b.f.slice(0, PLACES_AT_FIRST);
  const list = h("ol", { class: "places" }, all.map((f) => placeItem(d.findings[f], f, b, n, numbers, go)));
  const rest = b.f.slice(all.length);
  if (!rest.length) return list;
  const button = h("button", { type: "button", class: "more", on: { click: () => {
    list.append(...rest.map((f) => placeItem(d.findings[f], f, b, n, numbers, go)));
    button.remove();
    $(".place", list.children[all.length])?.focus();
  } } }, W("page.more_places", { count: rest.length }));
  button.dataset.holds = rest.join(" ");
  return [list, button];
}

function placeItem(f, at, b, n, numbers, go) {
  const where = say(f.w) || (f.e.length ? labelOf(DATA.reports[n].form, f.e[0][0], f.e[0][5]) : W("page.whole_report"));
  const difference = f.d !== undefined ? h("span", { class: "difference" }, W("finding.difference", { difference: signed(f.d) })) : null;
  const body = [h("span", { class: `number ${f.o}`, "aria-hidden": "true" }, numbers[at]),
    h("span", { class: "place-text" }, h("span", { class: "where" }, b.slip ? h("code", {}, f.r) : null, b.slip ? " " : "", bdi(where), changeChip(f.ch)),
      f.sum ? h("span", { class: "sum" }, h("span", { class: "digits" }, f.sum), difference) : null,
      say(f.m) ? h("span", { class: f.sum ? "said soft" : "said" }, bdi(say(f.m))) : null,
      !f.sum && f.exp !== undefined && f.act !== undefined ? h("span", { class: "said soft" }, W(f.bound ? "finding.bound" : "finding.expected", { expected: f.exp, actual: f.act })) : null)];
  const button = h("button", { type: "button", class: "place", id: `f${at}`, "aria-pressed": "false", "aria-label": `${W("page.finding")} ${numbers[at]}${W("joint.colon")}${where}${W("joint.stop")}${f.sum ?? ""} ${say(f.m)}`, on: { click: () => go.finding(at) } }, body);
  const quotes = [...new Set(f.e.map((e) => e[3]).filter((q) => q && !say(f.m).includes(q)))];
  return h("li", {}, button, quotes.map((q) => h("blockquote", { class: "quote" }, bdi(q))), f.waiver ? h("p", { class: "waiver" }, h("span", { class: "chip waived" }, W("page.waived")), " ", bdi(f.waiver)) : null, h("div", { class: "facts", hidden: true }));
}

// Whether a finding is new since the baseline: told wherever there is one.
const changeChip = (state) => (state ? [" ", h("span", { class: `chip change-${state}` }, W(`change.${state}`))] : null);

// What the baseline had and this audit has no more.
function pastList(d) {
  const rows = d.past.map(([state, id, where, message]) => h("li", {}, h("span", { class: `chip change-${state}` }, W(`change.${state}`)), " ", h("code", {}, id), " ", bdi(say(where)), W("joint.colon"), bdi(say(message))));
  return rows.length ? h("section", { class: "tail past" }, h("h3", {}, W("page.past", { count: rows.length })), h("ul", { class: "noticed" }, rows)) : null;
}

// The numbers that a finding rests on, shown when it is chosen.
function factTable(f, n, go) {
  const { form } = DATA.reports[n];
  const zeros = f.e.filter((e) => e[1] === 0 && !e[4]).length;
  const told = zeros > 4 && zeros < f.e.length ? f.e.filter((e) => e[1] !== 0 || e[4]) : f.e;
  const all = told.filter((e) => !(e[1] === null && e[2] === "r"));
  const rows = all.slice(0, FACTS_AT_MOST).map(([path, value, state, quote, prior, own]) => {
    const unit = labelsOf(form).get(path)?.unit;
    const text = state === "o" ? W("finding.unread") : state === "b" ? W("finding.blank") : `${value}${state === "i" ? ` (${W("finding.inferred")})` : ""}${unit ? ` ${unit}` : ""}`;
    const name = [prior ? h("span", { class: "chip plain" }, W("finding.prior")) : null, bdi(labelOf(form, path, own))];
    const known = !prior && labelsOf(form).has(path);
    return h("tr", {}, h("th", { scope: "row" }, known ? h("button", { type: "button", class: "cell-link", on: { click: () => go.cell(`c:${path}`, null) } }, name) : name), h("td", { class: state === "o" ? "open" : "" }, text));
  });
  const zeroNote = told.length < f.e.length ? h("p", { class: "soft" }, W("page.zeros", { count: zeros })) : null;
  const rest = all.length > rows.length ? h("p", { class: "soft" }, W("page.more_facts", { count: all.length - rows.length })) : null;
  const doc = f.doc ? h("p", { class: "soft" }, W("page.in_file"), W("joint.colon"), filePlace(f.doc)) : null;
  return [f.work ? h("p", { class: "digits work" }, f.work) : null, rows.length ? h("table", { class: "fact-table" }, h("tbody", {}, rows)) : null, rest, zeroNote, doc];
}

function filePlace(doc) {
  const keys = ["page", "table", "row", "column", "line"];
  return keys.map((key, at) => (doc[at] ? W(`page.at_${key}`, { n: doc[at] }) : "")).filter(Boolean).join(" · ");
}

function remarks(b, d) {
  const told = [...new Set(b.f.map((f) => d.findings[f].exc).filter(Boolean).map(say))];
  return told.map((text) => h("p", { class: "lawful" }, h("b", {}, W("page.lawful")), " ", bdi(W("finding.exception", { said: text.replace(/[。.\s]+$/, "") }))));
}

function lawAndFix(ids) {
  const lines = [];
  for (const [key, told] of [["page.law", laws(ids)], ["page.fix", fixes(ids)]]) {
    for (const [text, of] of told) lines.push(h("div", {}, h("dt", {}, W(key)), h("dd", {}, told.size > 1 ? h("code", {}, of.join(" ")) : null, told.size > 1 ? " " : "", text)));
  }
  return h("dl", { class: "law" }, lines);
}
