import type { CameraCheck, StreamInfo } from '../../gateway/contract/camera.ts';

/** What a finding is called; each has its words in texts.ts. */
export type FindingCode =
  | 'network'
  | 'onvif'
  | 'auth'
  | 'authPaused'
  | 'rtsp'
  | 'firstFrame'
  | 'decode'
  | 'clock'
  | 'codec'
  | 'size'
  | 'fps'
  | 'bitrate'
  | 'gop'
  | 'noSub'
  | 'timeZone'
  | 'certificate'
  | 'mjpeg'
  | 'uplink'
  | 'lowFps'
  | 'loss'
  | 'sound'
  | 'other';

/** One thing a check found: red keeps the camera from being registered, yellow is advice. */
export interface Finding {
  code: FindingCode;
  level: 'warn' | 'bad';
  /** The measured figure: seconds, kbps, fps, lines. */
  value: number | null;
  /** What the page can set right by itself. */
  fix: 'clock' | null;
  /** Figures of the gateway's advice, by its names. */
  values: Readonly<Record<string, string | number>>;
  /** The gateway's own sentence, for codes that this page has no words for. */
  message: string;
}

/** Snapshots with a clock further off than this are no evidence. */
export const CLOCK_LIMIT_SEC = 5;
const MOST_KBPS = 4000;
const LEAST_FPS = 15;
const LEAST_LINES = 1080;
const LONGEST_GOP_SEC = 4;

const FAILED: Record<CameraCheck['steps'][number]['name'], FindingCode> = {
  network: 'network',
  onvif: 'onvif',
  auth: 'auth',
  rtsp: 'rtsp',
  firstFrame: 'firstFrame',
  decode: 'decode',
};

/** Advice of the gateway that this page words anew; what is not here and not known shows the gateway's sentence. */
const ADVICE: Readonly<Record<string, FindingCode>> = {
  'time-zone': 'timeZone',
  'certificate-changed': 'certificate',
  mjpeg: 'mjpeg',
  uplink: 'uplink',
  'low-fps': 'lowFps',
  'packet-loss': 'loss',
  'sound-converted': 'sound',
};

/** Told by the figures themselves, or nothing that a person must do about. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set([
  'clock-drift',
  'long-gop',
  'h265',
  'no-sub-stream',
  'small-snapshot',
]);

/** All that a check found, red before yellow; empty when the camera is well. */
export function findingsOf(check: CameraCheck): Finding[] {
  const found = [...failures(check), ...clockFindings(check), ...streamFindings(check.main)];
  if (check.ok && check.sub === null) found.push(advice('noSub', null));
  for (const { code, message, values } of check.advice) {
    if (TOLD_OTHERWISE.has(code)) continue;
    found.push({ ...advice(ADVICE[code] ?? 'other', null), message, values });
  }
  return found.sort((a, b) => Number(b.level === 'bad') - Number(a.level === 'bad'));
}

/** The worst of the findings as a lamp. */
export function lampOf(findings: readonly Finding[]): 'ok' | 'warn' | 'bad' {
  if (findings.some(({ level }) => level === 'bad')) return 'bad';
  return findings.length > 0 ? 'warn' : 'ok';
}

/** The level of one code among the findings. */
export function levelOf(findings: readonly Finding[], code: FindingCode): 'ok' | 'warn' | 'bad' {
  return findings.find((finding) => finding.code === code)?.level ?? 'ok';
}

function advice(code: FindingCode, value: number | null): Finding {
  return { code, level: 'warn', value, fix: null, values: {}, message: '' };
}

function failures({ steps }: CameraCheck): Finding[] {
  return steps
    .filter(({ ok }) => !ok)
    .map(({ name, code, message }) => ({
      code: code === 'auth-paused' ? 'authPaused' : FAILED[name],
      level: 'bad',
      value: null,
      fix: null,
      values: {},
      message,
    }));
}

function clockFindings({ clockDriftSec }: CameraCheck): Finding[] {
  if (clockDriftSec === null || Math.abs(clockDriftSec) <= CLOCK_LIMIT_SEC) return [];
  return [{ code: 'clock', level: 'bad', value: clockDriftSec, fix: 'clock', values: {}, message: '' }];
}

function streamFindings(main: StreamInfo | null): Finding[] {
  if (main === null) return [];
  const { codec, height, fps, bitrateKbps, gopSec } = main;
  const found: Finding[] = [];
  if (codec === 'h265') found.push(advice('codec', null));
  if (gopSec !== null && gopSec > LONGEST_GOP_SEC) found.push(advice('gop', gopSec));
  if (bitrateKbps !== null && bitrateKbps > MOST_KBPS) found.push(advice('bitrate', bitrateKbps));
  if (fps !== null && fps < LEAST_FPS - 0.5) found.push(advice('fps', fps));
  if (height !== null && height < LEAST_LINES) found.push(advice('size', height));
  return found;
}
