// What the page knows: the summary at once, a report when it is opened.
const DATA = JSON.parse($("#summary").textContent);
const OUTCOMES = ["fail", "review", "open", "pass", "notApplicable"];
const SIGNS = { fail: "✗", review: "?", open: "○", pass: "✓", notApplicable: "–" };
const SEVERITIES = [4, 3, 2, 1];
const SEVERITY = { 4: "fatal", 3: "major", 2: "minor", 1: "note" };
const PAGE_OF_ROWS = 100;

const S = {
  lang: DATA.lang,
  theme: "auto",
  view: { name: "overview" },
  filter: { text: "", severity: new Set(), outcome: new Set(), family: new Set(), grade: new Set(), year: new Set() },
  sort: { key: "rank", down: false },
  rows: PAGE_OF_ROWS,
  chosen: null,
  printing: false,
};

const other = (lang) => (lang === "zh" ? "en" : "zh");

// A phrase of the page in the reader's language, its {gaps} filled.
function W(key, gaps) {
  const phrase = DATA.words[S.lang][key];
  if (phrase === undefined) throw new Error(`no words for ${key}`);
  return gaps ? phrase.replace(/\{(\w+)\}/g, (all, name) => (name in gaps ? gaps[name] : all)) : phrase;
}
const word = (key, otherwise) => DATA.words[S.lang][key] ?? otherwise;

// [Chinese, English], or one entry where both are the same.
const say = (pair) => (pair ? (S.lang === "en" && pair.length > 1 ? pair[1] : pair[0]) : "");
const glossed = (path) => path.replaceAll("_", " ").split(".").join(" · ");
const joined = (parts) => parts.join(W("joint.list"));

const details = new Map();
function detail(n) {
  if (!details.has(n)) details.set(n, JSON.parse($(`#r${n}`).textContent));
  return details.get(n);
}

const labels = new Map();
function labelsOf(form) {
  if (!labels.has(form)) {
    const fields = DATA.forms[form]?.fields ?? [];
    labels.set(form, new Map(fields.map(([path, label, unit], at) => [path, { label, unit, at }])));
  }
  return labels.get(form);
}

// What people call a fact: the form's own words, in English those of its path.
function labelOf(form, path, own) {
  if (own) return say(own);
  const known = labelsOf(form).get(path)?.label ?? DATA.forms[form]?.labels[path];
  return S.lang === "zh" && known ? known : glossed(path);
}

const rule = (id) => DATA.rule[id] ?? { t: [id], s: 0, f: "", law: [], fix: null };
const family = (id) => rule(id).f;
const nameOf = (r) => r.n || W("head.no_name");
const letterOf = (letter) => (letter === null ? W("grade.ungraded") : word(`letter.${letter}`, letter));
const GRADES = ["优", "良", "中", "差"];
const gradeClass = (letter) => (letter === null ? "none" : `g${GRADES.indexOf(letter)}`);

const signed = (value) => (typeof value === "number" && value > 0 ? `+${value}` : String(value));
