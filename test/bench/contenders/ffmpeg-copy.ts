import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../support/api-client.ts';
import type { Contender } from './contender.ts';
import { StartedProgram } from './started-program.ts';

/** One `ffmpeg -c copy -f hls` for each camera, fMP4 segments of 2 s on disk. */
export function ffmpegCopy(mostCameras: number): Contender {
  return {
    name: 'ffmpeg copy',
    mostCameras,
    async start(cameraUrls) {
      const programs = await StartedProgram.prepare();
      for (const [index, url] of cameraUrls.entries()) {
        const folder = join(programs.folder, String(index));
        await mkdir(folder);
        programs.run('ffmpeg', copyArguments(url, folder));
        await sleep(30);
      }
      for (const index of cameraUrls.keys()) {
        const list = join(programs.folder, String(index), 'index.m3u8');
        await eventually(`the list of camera ${index}`, 60_000, () => stat(list));
      }
      programs.requireAlive();
      return { pids: () => Promise.resolve(programs.pids), stop: () => programs.stop() };
    },
  };
}

function copyArguments(url: string, folder: string): string[] {
  return [
    '-hide_banner',
    '-v',
    'error',
    '-nostdin',
    '-rtsp_transport',
    'tcp',
    '-i',
    url,
    '-c',
    'copy',
    '-f',
    'hls',
    '-hls_time',
    '2',
    '-hls_list_size',
    '6',
    '-hls_flags',
    'delete_segments',
    '-hls_segment_type',
    'fmp4',
    join(folder, 'index.m3u8'),
  ];
}
