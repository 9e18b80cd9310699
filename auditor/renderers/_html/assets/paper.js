// The original as it was read: head, sections, tables. Serif is the report's voice, sans ours.
function paper(n) {
  const [r, d] = [DATA.reports[n], detail(n)];
  const places = new Map();
  const put = (place, el) => { places.set(place, [...(places.get(place) ?? []), el]); return el; };
  const title = d.head.find(([path]) => path === "title");
  const facts = d.head.filter(([path, , text]) => path !== "title" && flat(text).length <= 80 && text.length);
  const long = d.head.filter(([path, , text]) => path !== "title" && flat(text).length > 80);
  const sheet = h("article", { class: "paper", id: "paper", lang: "zh-Hans", "aria-label": W("page.original") },
    h("header", {}, h("h2", { class: "paper-title" }, title ? put("h:title", h("span", {}, prose(title[2], put, true))) : bdi(nameOf(r))),
      facts.length ? h("dl", { class: "paper-facts" }, facts.map(([path, label, text]) => h("div", {}, h("dt", { class: "ours" }, S.lang === "en" ? glossed(path) : say(label)), put(`h:${path}`, h("dd", {}, prose(text, put, true)))))) : null),
    long.map(([path, label, text]) => h("section", { class: "paper-section" }, put(`h:${path}`, h("p", { class: "ours section-word" }, S.lang === "en" ? glossed(path) : say(label))), prose(text, put))),
    d.sections.map((s) => section(s, r, d, put)),
    d.sections.length ? null : h("p", { class: "calm ours" }, W("page.no_form")));
  return { sheet, places };
}

// Paragraphs of runs; a run that findings quote is a mark of its own.
function prose(paragraphs, put, inline = false) {
  const runs = (line) => line.map((run) => (typeof run === "string" ? run : put(run[1][0], more(run[1], put, h("mark", { class: "phrase" }, run[0])))));
  if (inline) return h("bdi", {}, (paragraphs ?? []).map((line, n) => [n ? " · " : "", runs(line)]));
  return (paragraphs ?? []).map((line) => h("p", { class: "para" }, h("bdi", {}, runs(line))));
}

function more([, ...rest], put, el) {
  for (const name of rest) put(name, el);
  return el;
}

function section(s, r, d, put) {
  const head = s.heading ? prose(s.heading, put, true) : h("span", { class: "gone-head" }, s.o ? `${s.o} · ` : "", s.n, " ");
  const missing = s.gone?.endsWith("missing");
  const held = s.text || d.coverage[s.k]?.[0];
  const state = s.gone === undefined ? null : h("span", { class: `chip ours ${missing ? "out-fail" : "out-open"}` }, missing ? "" : `${SIGNS.open} `, W(missing ? "page.section_missing" : held ? "page.heading_unread" : "page.section_unread"));
  const heading = put(`s:${s.k}`, h("h3", { class: "paper-heading" }, head, state));
  return h("section", { class: `paper-section ${s.gone === undefined || held ? "" : "gone"}` }, heading, prose(s.text, put), s.grid === undefined ? null : grid(s, r, d, put));
}

function grid(s, r, d, put) {
  const fields = labelsOf(r.form);
  const cell = ([kind, text, path, down, across]) => {
    const span = { rowspan: down > 1 ? down : null, colspan: across > 1 ? across : null };
    if (kind === "s") return slot(path, span, fields.get(path), d.cells, put);
    const gloss = S.lang === "en" && path ? h("span", { class: "gloss ours", lang: "en" }, glossed(path.split(".").pop())) : null;
    const scope = kind === "h" ? "col" : kind === "b" ? "colgroup" : down > 1 ? "rowgroup" : "row";
    const el = text ? h("th", { ...span, scope, class: `cap-${kind}` }, text, gloss) : h("td", { ...span, class: "corner" });
    return kind === "c" && path ? put(`r:${path}`, el) : el;
  };
  const [read, total] = d.coverage[s.k] ?? [0, 0];
  const rows = DATA.grids[s.grid].rows.map((row) => h("tr", {}, row.map(cell)));
  return h("figure", { class: "table-box" }, h("figcaption", { class: "ours" }, h("b", {}, s.t), h("span", { class: read < total ? "partial" : "" }, W("read.cells", { read, total })), keyToStates()),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": s.t }, h("table", { class: `grid ${DATA.grids[s.grid].columns > 11 ? "wide" : ""}`, "aria-label": s.t }, h("tbody", {}, rows))));
}

function keyToStates() {
  return h("span", { class: "states" }, ["open", "blank", "inferred"].map((state) => h("span", {}, h("i", { class: `swatch ${state}`, "aria-hidden": "true" }), W(`page.${state}_cell`))));
}

const STATE = { r: "read", b: "blank", o: "open", i: "inferred" };
function slot(path, span, known, cells, put) {
  const state = STATE[cells.s[known.at]];
  const [value, printed] = [cells.v[known.at], cells.p[known.at]];
  const shown = state === "blank" ? printed || W("page.blank") : state === "open" ? "？" : String(value);
  const inner = [h("span", { class: state === "blank" && !printed ? "word" : "value" }, state === "read" && printed ? printed : shown)];
  if (state === "open" && printed) inner.push(h("span", { class: "printed" }, bdi(printed)));
  if (state === "open") inner.push(h("span", { class: "sr" }, W("finding.unread")));
  if (state === "inferred") inner.push(h("span", { class: "sr" }, W("finding.inferred")));
  const told = state === "open" ? W("finding.unread") : state === "inferred" ? W("finding.inferred") : state === "blank" ? W("finding.blank") : "";
  return put(`c:${path}`, h("td", { ...span, class: `slot ${state} ${value === 0 ? "zero" : ""}`, title: told || null, "data-path": path }, inner));
}

// A place that is not printed itself stands in what holds it: a row, a group, a section.
function elementsAt(place, places) {
  if (places.has(place)) return places.get(place);
  const [kind, path] = [place[0], place.slice(2)];
  if (kind !== "c" && kind !== "r") return [];
  const parts = path.split(".");
  for (let n = parts.length; n > 0; n -= 1) {
    const lead = parts.slice(0, n).join(".");
    const found = places.get(`r:${lead}`) ?? places.get(`r:${lead}.undivided`) ?? (n === 1 ? places.get(`s:${lead}`) : undefined);
    if (found) return found;
  }
  return [];
}
