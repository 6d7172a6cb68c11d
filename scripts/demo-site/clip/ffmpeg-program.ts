import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The FFmpeg to run: as the launcher says, else the one on PATH. */
export const ffmpegProgram = (): string => process.env['GANTRY_FFMPEG'] ?? 'ffmpeg';

/** Whether FFmpeg is there and can encode H.265; throws in plain words when there is none. */
export async function canEncodeH265(): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(ffmpegProgram(), ['-hide_banner', '-encoders'], {
      timeout: 20_000,
    });
    return stdout.includes('libx265');
  } catch {
    throw new Error(
      `The demo site needs FFmpeg to make its pictures and could not run "${ffmpegProgram()}". Install FFmpeg, or set GANTRY_FFMPEG to its path.`,
    );
  }
}
