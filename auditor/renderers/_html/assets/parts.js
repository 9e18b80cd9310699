// Small things that every view uses. Colour never speaks alone: there is a sign or a word with it.
function sign(outcome, title) {
  return h("span", { class: `sign ${outcome}`, title: title ?? W(`outcome.${outcome}`), "aria-hidden": "true" }, SIGNS[outcome]);
}

function severityChip(level) {
  const key = SEVERITY[level] ?? "note";
  return h("span", { class: `chip sev-${key}` }, W(`severity.${key}`));
}

function outcomeChip(outcome) {
  return h("span", { class: `chip out-${outcome}` }, SIGNS[outcome], " ", W(`outcome.${outcome}`));
}

// The grade as a seal is printed on paper.
function seal(letter, size = "") {
  const text = letter === null ? "–" : letter;
  return h("span", { class: `seal ${size} ${gradeClass(letter)}`, "aria-hidden": "true", lang: "zh-Hans" }, text);
}

function scoreBar(score, letter) {
  const share = Math.max(0, Math.min(100, Number(score)));
  return h("span", { class: "bar", "aria-hidden": "true" },
    h("span", { class: `bar-ink ${gradeClass(letter)}`, style: { width: `${share}%` } }));
}

function severityCounts(counts) {
  const some = SEVERITIES.map((level, n) => [level, counts[n]]).filter(([, count]) => count);
  if (!some.length) return h("span", { class: "nought" }, "0");
  return h("span", { class: "pips" }, some.map(([level, count]) =>
    h("span", { class: `pip sev-${SEVERITY[level]}`, title: W("page.severity_count", { severity: W(`severity.${SEVERITY[level]}`), count }) },
      h("span", { class: "pip-word" }, W(`severity.${SEVERITY[level]}`)), String(count))));
}

function plainCount(count, outcome) {
  if (!count) return h("span", { class: "nought" }, "0");
  return h("span", { class: `count ${outcome}` }, String(count));
}

function toggle(text, pressed, act, cls = "") {
  return h("button", { type: "button", class: `toggle ${cls}`, "aria-pressed": String(pressed), on: { click: act } }, text);
}

function laws(ids) {
  const cited = new Map();
  for (const id of ids) {
    const found = rule(id).law.map(([text, sourced]) => say(text) + (sourced ? "" : W("finding.unsourced")));
    const text = found.length ? found.join(W("joint.stop")) : W("finding.no_law");
    cited.set(text, [...(cited.get(text) ?? []), id]);
  }
  return cited;
}

function fixes(ids) {
  const told = new Map();
  for (const id of ids) {
    if (rule(id).fix) told.set(say(rule(id).fix), [...(told.get(say(rule(id).fix)) ?? []), id]);
  }
  return told;
}

// Up and down move among things of one list; Home and End to its ends.
function walkable(list, selector) {
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    const items = $$(selector, list).filter((el) => el.offsetParent !== null);
    const at = items.indexOf(document.activeElement);
    if (step === undefined || at < 0) return;
    event.preventDefault();
    items[Math.max(0, Math.min(items.length - 1, at + step))].focus();
  });
  return list;
}
