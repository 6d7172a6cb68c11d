/** Every number by which a picture is judged, in one place; docs/picture-quality.md tells what each means and what it was tuned on. */
export const quality = {
  /** Rows of cells (of 72) above and below that may hold burnt-in texts: not looked at where a text could mislead. */
  textRows: 9,
  /** Mean luminance at most, 2nd to 98th percentile of the cells no farther apart, and fewer cells as bright as a lamp: no lamp, no outline. */
  black: { luma: 34, spread: 16, lampLuma: 100, lampCells: 4 },
  /** Share of cells burnt out at least, or the mean luminance. */
  overexposed: { cellLuma: 249, share: 0.6, luma: 238 },
  /** Edge slopes: how a tile counts (levels, multiples of the noise), how many are needed, and what is blurred. */
  blurred: {
    leastRange: 36,
    noiseRange: 12,
    leastTiles: 8,
    tileShare: 0.5,
    focus: 0.44,
    ofUsual: 0.75,
    usualAfter: 5,
  },
  /** Structure of a tile (deviation from a plane, levels): had some, has lost it; and the share of tiles that makes it covered. */
  covered: {
    had: 3,
    left: 0.35,
    most: 2.5,
    alike: 0.4,
    darkLuma: 40,
    tiles: 16,
    share: 0.68,
    withoutReference: 0.92,
    /** A card instead of a picture: as even as no sensor is; a dark one has a colour. */
    uniformSpread: 3,
    cardSaturation: 40,
  },
  /** Blocks equal to the last bit, cells that differ by more than `changedBy` levels. */
  frozen: {
    leastRange: 4,
    leastBlocks: 60,
    equal: 0.012,
    changedBy: 10,
    changedCells: 8,
    pictures: 3,
    minutesApart: 5,
    looks: 2,
  },
  /** Agreement of edges less chance: the same view, a better place found, enough edges to tell; `sway` in cells of 1/128 width. */
  moved: {
    leastEdge: 10,
    same: 0.42,
    better: 0.08,
    found: 0.12,
    sway: 2,
    drift: 3,
    leastEdges: 150,
    otherView: { edges: 700, agreement: 0.1, lumaApart: 45, hidden: 0.25, traced: 0.3 },
  },
  /** References of a camera at most; another light is another reference; how long one learnt by itself is kept. */
  references: { most: 6, lumaApart: 24, renewAfterHours: 20, compared: 3 },
} as const;
