// A sum of cells, for a ruleset of Spectral: left and right are lists of dotted paths. A blank
// counts as 0 (zero), its sums are left out (skip), or it may be any number from 0 (any).
import { createRulesetFunction } from "@stoplight/spectral-core";

const paths = { type: "array", items: { type: "string" } };

export default createRulesetFunction(
  {
    input: { type: "object" },
    options: {
      type: "object",
      properties: { left: paths, right: paths, blank: { enum: ["zero", "skip", "any"] } },
      required: ["left", "right", "blank"],
      additionalProperties: false,
    },
  },
  function sums(report, { left, right, blank }) {
    const at = (path) => path.split(".").reduce((node, key) => node?.[key], report);
    const all = [...left, ...right].map(at);
    if (all.includes(undefined)) return; // the schema tells that it is missing
    if (blank === "skip" && all.includes(null)) return;
    const sum = (side) => side.reduce((total, path) => total + (at(path) ?? 0), 0);
    const told = (side) => side.map((path) => `${path} (${at(path)})`).join(" + ");
    if (sum(left) === sum(right)) return;
    const short = sum(left) < sum(right) ? left : right; // any
    if (blank === "any" && short.map(at).includes(null)) return; // any
    return [
      {
        message: `${told(left)} = ${sum(left)}, but ${told(right)} = ${sum(right)}`,
        path: right[0].split("."),
      },
    ];
  },
);
