/** Rows as a text table with a head line; the columns are as wide as they must be. */
export function table(rows: readonly Readonly<Record<string, string | number>>[]): string {
  const [first] = rows;
  if (first === undefined) return "(none)";
  const head = Object.keys(first);
  const lines = [head, ...rows.map((row) => head.map((column) => String(row[column])))];
  const widths = head.map((_, i) => Math.max(...lines.map((line) => (line[i] as string).length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
