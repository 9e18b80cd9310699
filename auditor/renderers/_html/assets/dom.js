// Elements are made, never parsed: a text of a report can only ever become a text node.
const SVG = "http://www.w3.org/2000/svg";

function fill(el, kids) {
  for (const kid of kids.flat(Infinity)) {
    if (kid === null || kid === undefined || kid === false || kid === "") continue;
    el.append(kid instanceof Node ? kid : String(kid));
  }
  return el;
}

function dress(el, props) {
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") for (const [name, act] of Object.entries(value)) el.addEventListener(name, act);
    else if (key === "style") for (const [name, v] of Object.entries(value)) el.style.setProperty(name, v);
    else el.setAttribute(key, value === true ? "" : String(value));
  }
  return el;
}

const h = (tag, props, ...kids) => fill(dress(document.createElement(tag), props), kids);
const svg = (tag, props, ...kids) => fill(dress(document.createElementNS(SVG, tag), props), kids);
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// A name or sentence from outside: its direction stays its own affair.
const bdi = (text, cls) => h("bdi", { class: cls }, text);

function replace(el, ...kids) {
  el.replaceChildren();
  return fill(el, kids);
}

// At once: a smooth scroll that a second one interrupts stops half-way.
function reveal(el, block = "center") {
  el.scrollIntoView({ block, inline: "center", behavior: "instant" });
}
