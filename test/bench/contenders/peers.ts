import { access, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { eventually } from '../../support/api-client.ts';
import { freePort } from '../../support/gateway-process.ts';
import type { Contender, RunningContender } from './contender.ts';
import { StartedProgram } from './started-program.ts';

const SETTLE_MS = 5000;

/** Peers found by environment variable (GANTRY_BENCH_…) or on PATH, and the names of those that were not. */
export async function findPeers(): Promise<{ found: Contender[]; missing: string[] }> {
  const peers = [
    { name: 'mediamtx', variable: 'GANTRY_BENCH_MEDIAMTX', make: mediamtx },
    { name: 'go2rtc', variable: 'GANTRY_BENCH_GO2RTC', make: go2rtc },
    { name: 'MediaServer', variable: 'GANTRY_BENCH_MEDIASERVER', make: zlMediaKit },
  ];
  const found: Contender[] = [];
  const missing: string[] = [];
  for (const { name, variable, make } of peers) {
    const program = process.env[variable] ?? (await onPath(name));
    if (program === undefined) missing.push(name);
    else found.push({ name, mostCameras: Infinity, start: (urls) => make(program, urls) });
  }
  return { found, missing };
}

/** MediaMTX pulls each camera and muxes HLS always. */
async function mediamtx(program: string, urls: readonly string[]): Promise<RunningContender> {
  const started = await StartedProgram.prepare();
  const [hls, rtsp] = [await freePort(), await freePort()];
  const lines = [
    'logLevel: error',
    ...['rtmp', 'srt', 'webrtc', 'api', 'metrics'].map((name) => `${name}: no`),
    'rtspTransports: [tcp]',
    `rtspAddress: 127.0.0.1:${rtsp}`,
    `hlsAddress: 127.0.0.1:${hls}`,
    'hlsAlwaysRemux: yes',
    'paths:',
    ...urls.flatMap((url, index) => [`  cam${index}:`, `    source: ${url}`, '    rtspTransport: tcp']),
  ];
  await writeFile(join(started.folder, 'mediamtx.yml'), `${lines.join('\n')}\n`);
  started.run(program, ['mediamtx.yml']);
  await eachAnswers(urls, (index) => `http://127.0.0.1:${hls}/cam${index}/index.m3u8`);
  return running(started);
}

/** go2rtc pulls while someone looks: one MP4 viewer for each camera, in this process. */
async function go2rtc(program: string, urls: readonly string[]): Promise<RunningContender> {
  const started = await StartedProgram.prepare();
  const api = await freePort();
  const lines = [
    `api: { listen: "127.0.0.1:${api}" }`,
    'rtsp: { listen: "" }',
    'webrtc: { listen: "" }',
    'streams:',
    ...urls.map((url, index) => `  cam${index}: ${url}`),
  ];
  await writeFile(join(started.folder, 'go2rtc.yaml'), `${lines.join('\n')}\n`);
  started.run(program, ['-config', 'go2rtc.yaml']);
  const base = `http://127.0.0.1:${api}`;
  await eachAnswers(['one'], () => `${base}/api/streams`);
  const ends = new AbortController();
  for (const index of urls.keys()) {
    const { body } = await request(`${base}/api/stream.mp4?src=cam${index}`, { signal: ends.signal });
    body.on('error', () => undefined).resume();
  }
  return running(started, () => ends.abort());
}

/** ZLMediaKit pulls each camera and writes HLS with fMP4 segments. */
async function zlMediaKit(program: string, urls: readonly string[]): Promise<RunningContender> {
  const started = await StartedProgram.prepare();
  const [http, rtsp, rtmp] = [await freePort(), await freePort(), await freePort()];
  const ini = [
    '[api]\nsecret=bench',
    `[http]\nport=${http}\nsslport=0\nrootPath=./www`,
    `[rtsp]\nport=${rtsp}\nsslport=0`,
    `[rtmp]\nport=${rtmp}\nsslport=0`,
    '[rtp_proxy]\nport=0',
    '[protocol]\nenable_hls=0\nenable_hls_fmp4=1\nenable_mp4=0\nenable_rtsp=0\nenable_rtmp=0\nenable_ts=0\nenable_fmp4=0\nhls_demand=0',
    '[hls]\nsegDur=2\nsegNum=6',
  ];
  await writeFile(join(started.folder, 'config.ini'), `${ini.join('\n')}\n`);
  started.run(program, ['-c', join(started.folder, 'config.ini')]);
  const api = `http://127.0.0.1:${http}/index/api`;
  await eachAnswers(['one'], () => `${api}/getServerConfig?secret=bench`);
  for (const [index, url] of urls.entries()) {
    const query = `secret=bench&vhost=__defaultVhost__&app=live&stream=cam${index}&rtp_type=0&url=${encodeURIComponent(url)}`;
    await (await request(`${api}/addStreamProxy?${query}`)).body.dump();
  }
  return running(started);
}

async function running(started: StartedProgram, leave?: () => void): Promise<RunningContender> {
  await sleep(SETTLE_MS);
  started.requireAlive();
  return {
    pids: () => Promise.resolve(started.pids),
    stop() {
      leave?.();
      return started.stop();
    },
  };
}

async function eachAnswers(all: readonly string[], addressOf: (index: number) => string): Promise<void> {
  for (const index of all.keys()) {
    await eventually(`an answer of ${addressOf(index)}`, 60_000, async () => {
      const { statusCode, body } = await request(addressOf(index));
      await body.dump();
      return statusCode === 200 ? true : undefined;
    });
  }
}

async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, name);
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return undefined;
}
