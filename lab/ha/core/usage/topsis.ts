/**
 * TOPSIS: ranks alternatives by how near they are to the best, and how far from the worst, of every criterion. A row
 * is one alternative, a column one criterion of which less is better. The result is between 0 and 1, more is better.
 */
export function rankByTopsis(alternatives: number[][], weights: number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const lengths = weights.map((_, column) =>
    Math.sqrt(alternatives.reduce((sum, row) => sum + (row[column] ?? 0) ** 2, 0)),
  );
  const weighted = alternatives.map((row) =>
    weights.map((weight, column) => {
      const length = lengths[column] ?? 0;
      return length === 0 ? 0 : ((row[column] ?? 0) / length) * (weight / total);
    }),
  );
  const column = (index: number): number[] => weighted.map((row) => row[index] ?? 0);
  const best = weights.map((_, index) => Math.min(...column(index)));
  const worst = weights.map((_, index) => Math.max(...column(index)));
  return weighted.map((row) => {
    const toBest = distance(row, best);
    const toWorst = distance(row, worst);
    return toBest + toWorst === 0 ? 0 : toWorst / (toBest + toWorst);
  });
}

function distance(a: number[], b: number[]): number {
  return Math.sqrt(a.reduce((sum, value, index) => sum + (value - (b[index] ?? 0)) ** 2, 0));
}
