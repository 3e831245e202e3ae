/** The one of `names` that is written most like `wrong`, by Levenshtein's distance. */
export function nearest(wrong: string, names: readonly string[]): string | undefined {
  const distances = names.map((name) => [name, distance(wrong, name)] as const);
  return distances.sort(([, a], [, b]) => a - b)[0]?.[0];
}

/** How many letters have to be put in, taken out or replaced. */
function distance(from: string, to: string): number {
  let before = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...from].entries()) {
    const now = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (before[column] ?? 0) + (letter === other ? 0 : 1);
      const changed = Math.min(before[column + 1] ?? 0, now[column] ?? 0) + 1;
      now.push(Math.min(replaced, changed));
    }
    before = now;
  }
  return before[to.length] ?? 0;
}
