import { maxPayloadBytes, type RtpPayload } from './rtp-payload.ts';

const nothing = Buffer.alloc(0);

function fragments(nal: Buffer): RtpPayload[] {
  const header = nal[0]!;
  const out: RtpPayload[] = [];
  for (let at = 1; at < nal.length; at += maxPayloadBytes - 2) {
    const body = nal.subarray(at, at + maxPayloadBytes - 2);
    const start = at === 1 ? 0x80 : 0;
    const end = at + body.length === nal.length ? 0x40 : 0;
    out.push({ head: Buffer.from([(header & 0xe0) | 28, start | end | (header & 31)]), body, marker: false });
  }
  return out;
}

/** Packs an access unit after RFC 6184: single NAL units, FU-A for large ones; the marker is on the last packet. */
export function h264Payloads(nals: readonly Buffer[]): RtpPayload[] {
  const out = nals.flatMap((nal) =>
    nal.length <= maxPayloadBytes ? [{ head: nothing, body: nal, marker: false }] : fragments(nal),
  );
  const last = out.at(-1);
  if (last !== undefined) last.marker = true;
  return out;
}
