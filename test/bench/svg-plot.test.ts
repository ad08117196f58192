import assert from "node:assert/strict";
import { test } from "node:test";
import { parseXml } from "@rgrove/parse-xml";
import { type Plot, renderPlot } from "./svg-plot.js";

const POINTS = [
  [0, 1],
  [5, 10],
  [10, 1000],
  [10, 99_999],
] as const;

const PLOT: Plot = {
  title: "a < b & c",
  xLabel: "x",
  yLabel: "y",
  xMax: 10,
  yMin: 1,
  yMax: 1000,
  series: [{ name: "one", color: "#123456", points: POINTS }],
  levels: [{ y: 100, label: "limit" }],
  spans: [{ from: 2, to: 4, label: "span" }],
};

test("a plot is well-formed XML whatever its words", () => {
  assert.match(parseXml(renderPlot(PLOT)).text, /a < b & c/);
});

test("points lie where their values say, the vertical axis by powers of ten, and none outside", () => {
  const points = /<polyline points="([^"]*)"/.exec(renderPlot(PLOT))?.[1];
  assert.equal(points, "70,350 405,250 740,50 740,50");
});
