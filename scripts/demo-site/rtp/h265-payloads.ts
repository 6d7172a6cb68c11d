import { maxPayloadBytes, type RtpPayload } from './rtp-payload.ts';

const nothing = Buffer.alloc(0);
const fragmentType = 49;

function fragments(nal: Buffer): RtpPayload[] {
  const type = (nal[0]! >> 1) & 63;
  const out: RtpPayload[] = [];
  for (let at = 2; at < nal.length; at += maxPayloadBytes - 3) {
    const body = nal.subarray(at, at + maxPayloadBytes - 3);
    const start = at === 2 ? 0x80 : 0;
    const end = at + body.length === nal.length ? 0x40 : 0;
    out.push({
      head: Buffer.from([(nal[0]! & 0x81) | (fragmentType << 1), nal[1]!, start | end | type]),
      body,
      marker: false,
    });
  }
  return out;
}

/** Packs an access unit after RFC 7798: single NAL units and fragmentation units; the marker is on the last packet. */
export function h265Payloads(nals: readonly Buffer[]): RtpPayload[] {
  const out = nals.flatMap((nal) =>
    nal.length <= maxPayloadBytes ? [{ head: nothing, body: nal, marker: false }] : fragments(nal),
  );
  const last = out.at(-1);
  if (last !== undefined) last.marker = true;
  return out;
}
