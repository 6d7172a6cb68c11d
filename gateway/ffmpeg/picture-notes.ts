/** What FFmpeg says of each frame besides its time; the filter `metadata` prints nothing for frames without any. */
const KEY = 'gantry';
const VALUE = '1';

/** FFmpeg filters that tell on standard error, where faults are told too, of each frame that comes along, in order. */
export const noteFilters: readonly string[] = [
  `metadata=add:key=${KEY}:value=${VALUE}`,
  "metadata=print:file='pipe\\:2':direct=1",
];

/** pts in ms, the input's time base; pts_time is left out of account. */
const TIME_LINE = /^frame:\d+ +pts:(\d+) +pts_time:[\d.e+]+$/;

/**
 * Whether the text tells of exactly the frames at these times (ms), in order, and of nothing else; `part` when it may
 * still become that, `other` when it cannot any more.
 */
export function readNotes(text: string, wantedMs: readonly number[]): 'whole' | 'part' | 'other' {
  const lines = text.split('\n');
  const open = lines.pop();
  for (const [index, line] of lines.entries()) {
    const wanted = wantedMs[index >> 1];
    if (wanted === undefined) return 'other';
    const fits = index % 2 === 0 ? TIME_LINE.exec(line)?.[1] === String(wanted) : line === `${KEY}=${VALUE}`;
    if (!fits) return 'other';
  }
  return lines.length === wantedMs.length * 2 && open === '' ? 'whole' : 'part';
}
