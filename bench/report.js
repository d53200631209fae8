// One line a figure: ours, the anchors, the ratios, and whether the machine was too noisy to believe it.

// Above this spread (third quartile ÷ first) of a column, its median moves between runs by more than we would act on.
const NOISY = 1.5;

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {number[]} values */
function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.75)] / sorted[Math.floor(sorted.length * 0.25)];
}

/** Prints one figure. @param {string} name @param {string} unit @param {number[]} ours @param {Record<string, number[]>} columns */
export function report(name, unit, ours, columns) {
  const own = round(median(ours));
  const anchors = Object.fromEntries(Object.entries(columns).map(([key, values]) => [key, round(median(values))]));
  const ratios = Object.fromEntries(Object.entries(anchors).map(([key, value]) => [key, round(own / value)]));
  const noisy = [ours, ...Object.values(columns)].some((values) => spread(values) > NOISY);
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify({ name, unit, ours: own, anchors, ratios, noisy }));
    return;
  }
  const beside = Object.keys(anchors).map((key) => `${key} ${anchors[key]} (×${ratios[key]})`);
  const anchored = beside.length ? `   beside ${beside.join(", ")}` : "";
  console.log(`${name}: ${own} ${unit}${anchored}${noisy ? "   (noisy machine)" : ""}`);
}

/** @param {number} value */
const round = (value) => Number(value.toPrecision(3));
