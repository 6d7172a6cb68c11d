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
  | 'other';

/** One thing a check found: red keeps the camera from being registered, yellow is advice. */
export interface Finding {
  code: FindingCode;
  level: 'warn' | 'bad';
  /** The measured figure: seconds, kbps, fps, lines. */
  value: number | null;
  /** What the page can set right by itself. */
  fix: 'clock' | null;
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

/** All that a check found, red before yellow; empty when the camera is well. */
export function findingsOf(check: CameraCheck): Finding[] {
  const found = [...failures(check), ...clockFindings(check), ...streamFindings(check.main)];
  if (check.ok && check.sub === null) found.push(advice('noSub', null));
  const known = new Set(['clock-drift', 'long-gop', 'h265', 'no-sub-stream']);
  for (const { code, message } of check.advice)
    if (!known.has(code)) found.push({ ...advice('other', null), message });
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
  return { code, level: 'warn', value, fix: null, message: '' };
}

function failures({ steps }: CameraCheck): Finding[] {
  return steps
    .filter(({ ok }) => !ok)
    .map(({ name, code, message }) => ({
      code: code === 'auth-paused' ? 'authPaused' : FAILED[name],
      level: 'bad',
      value: null,
      fix: null,
      message,
    }));
}

function clockFindings({ clockDriftSec }: CameraCheck): Finding[] {
  if (clockDriftSec === null || Math.abs(clockDriftSec) <= CLOCK_LIMIT_SEC) return [];
  return [{ code: 'clock', level: 'bad', value: clockDriftSec, fix: 'clock', message: '' }];
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
