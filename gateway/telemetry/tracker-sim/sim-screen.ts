import type { SimReport } from './sim-report.ts';

/** Columns of a character in a terminal: Chinese and other full-width ones take two. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/;
// What comes over the network must not steer the terminal.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

const LIGHT_MARKS = { red: '31', yellow: '33', green: '32', grey: '90' } as const;
const WIDTHS = { name: 22, light: 8, reasons: 30, snapshot: 12, lag: 9 } as const;
/** Lines beside the cameras'. */
const FRAME_LINES = 12;

/** The live table of a run for a terminal of this size; the cameras that want attention come first. Pure. */
export function simScreen(report: SimReport, nowMs: number, size: { columns: number; rows: number }): string {
  const room = Math.max(3, size.rows - FRAME_LINES);
  const cameras = report.cameras.toSorted((a, b) => weightOf(b) - weightOf(a));
  const { name, light, reasons, snapshot, lag } = WIDTHS;
  const head = [
    cell('camera', name),
    cell('light', light),
    cell('reasons', reasons),
    cell('snapshot', snapshot),
    cell('lag', lag),
  ];
  const rows = cameras.slice(0, room).map((camera) => {
    const seen = camera.light ?? 'grey';
    const mark = `\u001b[${LIGHT_MARKS[seen]}m${cell(`● ${seen}`, light)}\u001b[0m`;
    return [
      cell(camera.name ?? camera.cameraId, name),
      mark,
      cell(camera.reasons.join(', ') || '-', reasons),
      cell(ageOf(camera.lastSnapshotAt, nowMs), snapshot),
      cell(camera.lagMs === null ? '-' : `${camera.lagMs} ms`, lag),
      String(camera.violations || '-'),
    ].join(' ');
  });
  const more = cameras.length - rows.length;
  return [
    ...summaryLines(report),
    '',
    [...head, 'violations'].join(' '),
    ...rows,
    ...(more > 0 ? [`… and ${more} more cameras`] : []),
    '',
    ...violationLines(report, 3, size.columns),
  ].join('\n');
}

/** The outcome of a run in a few lines. */
export function simSummary(report: SimReport): string {
  const verdict = report.ok
    ? 'all that came is valid, in order and complete'
    : `${report.violationCount} violations`;
  return [...summaryLines(report), ...violationLines(report, 20, 400), verdict].join('\n');
}

function summaryLines(report: SimReport): string[] {
  const { gateway, messages, projects, lag } = report;
  const total = Object.values(messages).reduce((sum, count) => sum + count, 0);
  const { lights } = projects;
  const kinds = Object.entries(messages).map(([kind, count]) => `${kind} ${count}`);
  return [
    `${report.root} at ${report.url}: ${report.connected ? `connected, MQTT ${report.protocol ?? '?'}` : 'not connected'}, ${report.seconds} s`,
    gateway
      ? `gateway ${gateway.state}, session ${gateway.session}, version ${plain(gateway.version)}`
      : 'gateway: no status yet',
    `messages ${total}${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''}; repetitions ${report.duplicates}`,
    `projects: ${projects.arrived} of ${projects.published} published came back; all roll-ups: ${lights.red} red, ${lights.yellow} yellow, ${lights.green} green, ${lights.grey} grey`,
    `lag: ${lag ? `p50 ${lag.p50Ms} ms, p99 ${lag.p99Ms} ms, most ${lag.maxMs} ms` : '-'}`,
  ];
}

function violationLines({ violations, violationCount }: SimReport, most: number, columns: number): string[] {
  if (violationCount === 0) return ['no violations'];
  const lines = violations
    .slice(-most)
    .map(({ at, kind, topic, message }) => cut(`${at} ${kind} ${plain(topic)}: ${plain(message)}`, columns));
  return [`violations: ${violationCount}`, ...lines];
}

function weightOf({ violations, light }: SimReport['cameras'][number]): number {
  return violations * 10 + { red: 3, yellow: 2, grey: 1, green: 0 }[light ?? 'grey'];
}

function ageOf(time: string | null, nowMs: number): string {
  if (time === null) return '-';
  const sec = Math.max(0, Math.round((nowMs - Date.parse(time)) / 1000));
  if (sec < 120) return `${sec} s ago`;
  return sec < 7200 ? `${Math.round(sec / 60)} min ago` : `${Math.round(sec / 3600)} h ago`;
}

function plain(text: string): string {
  return text.replaceAll(CONTROL, '·');
}

function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(kept) + widthOf(character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** The text in exactly so many columns. */
function cell(text: string, columns: number): string {
  const shown = cut(plain(text), columns);
  return shown + ' '.repeat(Math.max(0, columns - widthOf(shown)));
}
