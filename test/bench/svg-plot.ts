/** A plot of values over time as an SVG file: logarithmic upwards, so that both microseconds and seconds can be seen. */

export interface PlotSeries {
  readonly name: string;
  /** A colour of CSS. */
  readonly color: string;
  /** Points from left to right. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xMax: number;
  /** Ends of the axis upwards, each a power of ten. */
  readonly yMin: number;
  readonly yMax: number;
  readonly series: readonly PlotSeries[];
  /** Dashed lines across, with a word to each. */
  readonly levels: readonly { readonly y: number; readonly label: string }[];
  /** Shaded times, with a word to each. */
  readonly spans: readonly { readonly from: number; readonly to: number; readonly label: string }[];
}

const WIDTH = 760;
const HEIGHT = 400;
const AREA = { left: 70, right: WIDTH - 20, top: 50, bottom: HEIGHT - 50 } as const;

/** The text of the SVG file. */
export function renderPlot(plot: Plot): string {
  const x = (value: number): number => round(AREA.left + (value / plot.xMax) * (AREA.right - AREA.left));
  const height = Math.log10(plot.yMax / plot.yMin);
  const y = (value: number): number => {
    const share = Math.log10(Math.min(plot.yMax, Math.max(plot.yMin, value)) / plot.yMin) / height;
    return round(AREA.bottom - share * (AREA.bottom - AREA.top));
  };
  const spans = plot.spans.flatMap(({ from, to, label }) => [
    `<rect x="${x(from)}" y="${AREA.top}" width="${round(x(to) - x(from))}" height="${AREA.bottom - AREA.top}" fill="#eee"/>`,
    text(x((from + to) / 2), AREA.top + 16, label, "middle", "#555"),
  ]);
  const levels = plot.levels.flatMap(({ y: value, label }) => [
    line(AREA.left, y(value), AREA.right, y(value), "#555", ' stroke-dasharray="6 4"'),
    text(AREA.right - 4, y(value) - 5, label, "end", "#555"),
  ]);
  const series = plot.series.map(({ color, points }) => {
    const path = points.map(([px, py]) => `${x(px)},${y(py)}`).join(" ");
    return `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(plot.title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(WIDTH / 2, 22, plot.title, "middle", "#000", 15),
    ...spans,
    ...axes(plot, x, y),
    ...levels,
    ...series,
    ...legend(plot.series),
    "</svg>",
    "",
  ].join("\n");
}

function axes(
  { xLabel, yLabel, xMax, yMin, yMax }: Plot,
  x: (v: number) => number,
  y: (v: number) => number,
): string[] {
  const marks: string[] = [];
  for (let value = yMin; value <= yMax * 1.001; value *= 10) {
    marks.push(line(AREA.left, y(value), AREA.right, y(value), "#ddd"));
    marks.push(text(AREA.left - 8, y(value) + 4, String(Number(value.toPrecision(3))), "end", "#000"));
  }
  for (let value = 0; value <= xMax; value++) {
    marks.push(text(x(value), AREA.bottom + 18, String(value), "middle", "#000"));
  }
  const middle = (AREA.top + AREA.bottom) / 2;
  return [
    ...marks,
    line(AREA.left, AREA.bottom, AREA.right, AREA.bottom, "#000"),
    line(AREA.left, AREA.top, AREA.left, AREA.bottom, "#000"),
    text((AREA.left + AREA.right) / 2, HEIGHT - 12, xLabel, "middle", "#000"),
    `<g transform="rotate(-90 18 ${middle})">${text(18, middle, yLabel, "middle", "#000")}</g>`,
  ];
}

function legend(series: readonly PlotSeries[]): string[] {
  return series.flatMap(({ name, color }, i) => {
    const at = AREA.top + 40 + 18 * i;
    return [
      line(AREA.left + 12, at - 4, AREA.left + 36, at - 4, color, ' stroke-width="2"'),
      text(AREA.left + 42, at, name, "start", "#000"),
    ];
  });
}

function line(x1: number, y1: number, x2: number, y2: number, color: string, more = ""): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${color}"${more}/>`;
}

function text(x: number, y: number, words: string, anchor: string, color: string, size?: number): string {
  const fontSize = size === undefined ? "" : ` font-size="${size}"`;
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${color}"${fontSize}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
