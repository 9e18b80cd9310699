// The frame around the views: routes, language, light, keys, print.
function route() {
  const [name, n, kind, key] = location.hash.replace(/^#\//, "").split("/");
  if (name === "report" && DATA.reports[Number(n)]) return { name, n: Number(n), want: kind ? (key ? `${kind}/${decodeURIComponent(key)}` : kind) : null };
  return { name: "overview" };
}

function setLanguage(lang) {
  S.lang = lang;
  const held = document.activeElement?.id;
  const at = scrollY;
  draw({ keep: true });
  scrollTo({ top: at, behavior: "instant" });
  if (held) $(`#${CSS.escape(held)}`)?.focus({ preventScroll: true });
}

const THEMES = ["auto", "light", "dark"];
const THEME_SIGNS = { auto: "◐", light: "☀", dark: "☾" };
function setTheme(theme) {
  S.theme = theme;
  if (theme === "auto") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.dataset.theme = theme;
  const button = $("#theme");
  replace(button, h("span", { "aria-hidden": "true" }, THEME_SIGNS[theme]), " ", W(`page.theme_${theme}`));
  button.setAttribute("aria-label", `${W("page.theme")}${W("joint.colon")}${W(`page.theme_${theme}`)}`);
}

function frame(main) {
  const [id, version, digest] = DATA.rules;
  return [
    h("a", { class: "skip", href: "#main", on: { click: (e) => { e.preventDefault(); $("#main").focus(); } } }, W("page.skip")),
    h("header", { class: "top" }, h("a", { class: "brand", href: "#/" }, h("span", { class: "brand-mark", "aria-hidden": "true" }, "✓"), "auditor", h("span", { class: "brand-word" }, W("page.title"))), h("span", { class: "spread" }),
      h("button", { type: "button", id: "language", lang: S.lang === "zh" ? "en" : "zh-Hans", on: { click: () => setLanguage(other(S.lang)) } }, DATA.words[other(S.lang)]["page.this_language"]),
      h("button", { type: "button", id: "theme", on: { click: () => setTheme(THEMES[(THEMES.indexOf(S.theme) + 1) % 3]) } }),
      h("button", { type: "button", id: "print", on: { click: () => window.print() } }, W("page.print"))),
    h("main", { id: "main", tabindex: "-1" }, main),
    h("footer", { class: "foot" }, h("p", {}, W("page.unofficial")), h("p", { class: "soft" }, [id ? W("page.rule_set", { id, version, digest: digest.slice(0, 12) }) : null, DATA.engine, DATA.baseline ? W("page.baseline", { name: DATA.baseline }) : null, DATA.asOf ? W("page.as_of", { date: DATA.asOf }) : null].filter(Boolean).join(" · "))),
  ];
}

function draw({ keep = false } = {}) {
  S.view = route();
  document.documentElement.lang = S.lang === "zh" ? "zh-Hans" : "en";
  const page = S.view.name === "report" ? report(S.view.n, keep ? null : S.view.want, keep) : { view: overview(), begin: refreshResults };
  replace($("#app"), frame(page.view));
  document.body.dataset.view = S.view.name;
  setTheme(S.theme);
  document.title = S.view.name === "report" ? `${nameOf(DATA.reports[S.view.n])} ${DATA.reports[S.view.n].y ?? ""} · ${W("page.title")}` : W("page.title");
  if (!keep) scrollTo({ top: 0, behavior: "instant" });
  page.begin();
}

addEventListener("hashchange", () => {
  draw();
  if (S.view.name === "report" && S.view.want === null) $("h1")?.focus({ preventScroll: true });
});
addEventListener("keydown", (event) => {
  const typing = event.target.matches?.("input, textarea, select");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !typing && $("#search")) { event.preventDefault(); $("#search").focus(); }
  if (event.key === "Escape" && event.target.id === "search" && event.target.value) { event.preventDefault(); clearFilters(); }
});
addEventListener("beforeprint", () => { S.printing = true; draw({ keep: true }); for (const el of $$("details.tail")) el.open = true; });
addEventListener("afterprint", () => { S.printing = false; draw({ keep: true }); });

draw();
indexWhenIdle();
