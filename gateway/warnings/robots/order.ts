import type { DeliveryFault } from '../../contract/notification.ts';
import type { ChannelRecord, ChannelSecrets } from '../channel-record.ts';
import type { Message } from '../message.ts';

/** One HTTP request to make. */
export interface Order {
  method: 'POST' | 'PUT' | 'GET';
  url: string;
  headers: Record<string, string>;
  body: string | null;
}

/** How a try ended: `retry` is tried again (at the earliest after `waitMs`), `final` is not. */
export type Outcome =
  | { kind: 'sent' }
  | { kind: 'retry'; fault: DeliveryFault; waitMs?: number }
  | { kind: 'final'; fault: DeliveryFault };

/** What the receiver answered. */
export interface Answer {
  status: number;
  /** At most 64 KiB. */
  body: string;
  retryAfterSec: number | null;
}

/** How one kind of channel is spoken to; pure. */
export interface Robot {
  order(message: Message, channel: ChannelRecord, secrets: ChannelSecrets, nowMs: number): Order;
  judge(answer: Answer): Outcome;
}

/** The words of a robot's table of error codes. */
export type RobotFaults = Readonly<Record<number, DeliveryFault & { retryMs?: number }>>;

/** Judges by the HTTP status alone: 2xx arrived, 429, 408 and 5xx may pass, anything else is final. */
export function judgeStatus({ status, retryAfterSec }: Answer): Outcome {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status >= 300 && status < 400)
    return final(
      'redirected',
      `the receiver points to another address (HTTP ${status}), which is not followed: enter the final address`,
    );
  const waitMs = Math.min(3_600_000, (retryAfterSec ?? 0) * 1000);
  if (status === 429)
    return {
      kind: 'retry',
      waitMs: Math.max(waitMs, 60_000),
      fault: { code: 'rate-limited', message: 'the receiver takes no more messages for now (HTTP 429)' },
    };
  if (status === 408 || status >= 500)
    return {
      kind: 'retry',
      waitMs,
      fault: { code: 'receiver-error', message: `the receiver has a fault of its own (HTTP ${status})` },
    };
  if (status === 401 || status === 403)
    return final(
      'refused-token',
      `the receiver refuses key or signature (HTTP ${status}): check address and secret`,
    );
  return final('refused', `the receiver refuses the message (HTTP ${status}): check address and template`);
}

/** Judges a robot's reply: its own code counts, for it answers HTTP 200 to everything. */
export function judgeRobot(answer: Answer, codeNames: readonly string[], faults: RobotFaults): Outcome {
  const reply = objectIn(answer.body);
  const code = codeNames.map((name) => reply?.[name]).find((value) => typeof value === 'number');
  if (code === undefined) {
    const byStatus = judgeStatus(answer);
    if (byStatus.kind !== 'sent') return byStatus;
    return {
      kind: 'retry',
      fault: {
        code: 'not-understood',
        message:
          'the answer is not that of such a robot: check that the address is the whole webhook address',
      },
    };
  }
  if (code === 0) return judgeStatus(answer);
  const known = faults[code];
  if (!known) return final('refused', `the robot refuses the message with its code ${code}`);
  const { retryMs, code: faultCode, message } = known;
  const fault = { code: faultCode, message: `${message} (code ${code})` };
  return retryMs === undefined ? { kind: 'final', fault } : { kind: 'retry', waitMs: retryMs, fault };
}

function final(code: DeliveryFault['code'], message: string): Outcome {
  return { kind: 'final', fault: { code, message } };
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** An order with a JSON body. */
export function jsonOrder(url: string, body: unknown): Order {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  };
}

/** The longest text of whole lines within `maxBytes` of UTF-8, `extraBytes` more for each; says how many are left out. */
export function linesWithin(lines: readonly string[], maxBytes: number, extraBytes = 1): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line) + extraBytes;
    if (bytes + size > maxBytes - 20) break;
    kept.push(line);
    bytes += size;
  }
  const left = lines.length - kept.length;
  if (left === 0) return kept.join('\n');
  return kept.length === 0 ? cut(lines[0] ?? '', maxBytes) : [...kept, `… +${left}`].join('\n');
}

function cut(text: string, maxBytes: number): string {
  let kept = '';
  let bytes = 0;
  for (const letter of text) {
    bytes += Buffer.byteLength(letter);
    if (bytes > maxBytes - 3) return `${kept}…`;
    kept += letter;
  }
  return kept;
}

/** Text without line ends, control characters and halves of letters. */
export function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.toWellFormed().replaceAll(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ');
}

/** Text that stands as it is in a robot's markdown. */
export function plainInMarkdown(text: string): string {
  return oneLine(text).replaceAll(/([\\`*_[\]<>#])/g, (mark) => WIDE[mark] ?? mark);
}

/** Robots know no escapes: wide twins of the marks look the same and mean nothing. */
const WIDE: Readonly<Record<string, string>> = {
  '\\': '＼',
  '`': '｀',
  '*': '＊',
  _: '＿',
  '[': '［',
  ']': '］',
  '<': '＜',
  '>': '＞',
  '#': '＃',
};
