/** Makes the coded slices of the clock band at the top of a picture; one for each clip and background. */
export interface ClockSlices {
  /** The band in full, for a key picture. */
  whole(text: string, head: Record<string, number>): Buffer[];
  /** The band as it differs from the text of the picture before. */
  changed(text: string, before: string, head: Record<string, number>): Buffer[];
}
