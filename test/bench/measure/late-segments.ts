import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { ApiClient } from '../../support/api-client.ts';
import { percentile } from './percentile.ts';

/** A segment that is listed this long after its last picture was taken is late. */
const LATE_MS = 500;

/** How long after its end by the camera's clock each segment stood in the list. */
export interface SegmentPunctuality {
  segments: number;
  late: number;
  p50Ms: number;
  p99Ms: number;
  worstMs: number;
}

/** Waits with a blocking reload for each segment of all cameras at once, and looks at the clock. */
export async function segmentPunctuality(
  api: ApiClient,
  cameraIds: readonly string[],
  seconds: number,
): Promise<SegmentPunctuality> {
  const agent = new Agent({ connections: cameraIds.length + 8 });
  const ends = new AbortController();
  const delaysMs: number[] = [];
  const watch = async (id: string): Promise<void> => {
    const path = `${api.url}/live/${id}/main/stream.m3u8`;
    let query = '';
    while (!ends.signal.aborted) {
      const options = { dispatcher: agent, headers: { cookie: api.cookie }, signal: ends.signal };
      const { statusCode, body } = await request(path + query, options);
      const text = await body.text();
      if (statusCode !== 200) throw new Error(`${path}${query} was answered ${statusCode}`);
      const newest = newestSegment(text);
      if (query !== '') delaysMs.push(Date.now() - newest.endMs);
      query = `?_HLS_msn=${newest.msn + 1}`;
    }
  };
  const watching = cameraIds.map((id) =>
    watch(id).catch((error: unknown) => {
      if (!ends.signal.aborted) throw error;
    }),
  );
  await Promise.race([sleep(seconds * 1000), Promise.all(watching)]);
  ends.abort();
  await Promise.all(watching);
  await agent.destroy();
  return {
    segments: delaysMs.length,
    late: delaysMs.filter((ms) => ms > LATE_MS).length,
    p50Ms: percentile(delaysMs, 0.5),
    p99Ms: percentile(delaysMs, 0.99),
    worstMs: Math.max(...delaysMs),
  };
}

function newestSegment(list: string): { msn: number; endMs: number } {
  const segments = [
    ...list.matchAll(/PROGRAM-DATE-TIME:(\S+)\n(?:#EXT-X-PART:.*\n)*#EXTINF:([\d.]+),\nseg-(\d+)\.m4s/g),
  ];
  const [, date = '', durationSec = '0', msn = '0'] = segments.at(-1) ?? [];
  return { msn: Number(msn), endMs: Date.parse(date) + Number(durationSec) * 1000 };
}
