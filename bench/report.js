// One line a figure: ours, the anchors, the ratios, and whether the machine was too noisy to believe it.

// Above this spread (third quartile ÷ first) of a column, its median moves between runs by more than we would act on.
const NOISY = 1.5;

// Above this share of one core, other processes have taken caches and time from those who were measured.
export const BUSY = 0.1;

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Between which values the median lies, of all that might have been measured, in 95 of 100 cases: order statistics,
 * whose ranks are those of a fair coin, so nothing is supposed about how the values are spread.
 * @param {number[]} values @returns {[number, number] | undefined} of too few, nothing can be said
 */
export function interval(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.floor(sorted.length / 2 - 0.98 * Math.sqrt(sorted.length));
  return rank < 1 ? undefined : [sorted[rank - 1], sorted[sorted.length - rank]];
}

/** @param {number[]} values */
function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.75)] / sorted[Math.floor(sorted.length * 0.25)];
}

/**
 * Whether the figures are to be believed: each column holds still by itself, ours holds still beside each anchor of
 * the same round, and nobody else was at work.
 * @param {number[]} ours @param {Record<string, number[]>} columns @param {number} others share of one core
 */
export function isNoisy(ours, columns, others) {
  const anchors = Object.values(columns);
  const beside = anchors.filter((values) => values.length === ours.length).map((values) => values.map((value, i) => ours[i] / value));
  return others > BUSY || [ours, ...anchors, ...beside].some((values) => spread(values) > NOISY);
}

/**
 * Prints one figure.
 * @param {string} name @param {string} unit @param {number[]} ours @param {Record<string, number[]>} columns
 * @param {number[]} [others] in each round, the share of one core that other processes had; none is not known
 */
export function report(name, unit, ours, columns, others = []) {
  const own = round(median(ours));
  const anchors = Object.fromEntries(Object.entries(columns).map(([key, values]) => [key, round(median(values))]));
  const ratios = Object.fromEntries(Object.entries(anchors).map(([key, value]) => [key, round(own / value)]));
  const busy = others.length ? round(median(others)) : undefined;
  const noisy = isNoisy(ours, columns, busy ?? 0);
  const sure = interval(ours)?.map(round);
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify({ name, unit, ours: own, interval: sure, anchors, ratios, noisy, others: busy }));
    return;
  }
  const beside = Object.keys(anchors).map((key) => `${key} ${anchors[key]} (×${ratios[key]})`);
  const anchored = beside.length ? `   beside ${beside.join(", ")}` : "";
  const why = busy !== undefined && busy > BUSY ? `: others had ${Math.round(busy * 100)} % of a core` : "";
  const within = sure ? ` (${sure.join(" to ")})` : "";
  console.log(`${name}: ${own} ${unit}${within}${anchored}${noisy ? `   (noisy machine${why})` : ""}`);
}

/** @param {number} value */
const round = (value) => Number(value.toPrecision(3));
