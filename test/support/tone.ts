import { run } from './probe-live.ts';

/** The frequency, Hz, that is strongest in `seconds` of a live URL's sound, and how much of the sound it is (0 to 1). */
export async function strongestTone(
  url: string,
  cookie: string,
  seconds: number,
): Promise<{ hz: number; share: number }> {
  const rate = 16_000;
  const args = ['-nostdin', '-v', 'error', '-headers', `Cookie: ${cookie}\r\n`, '-i', url, '-map', '0:a:0'];
  const output = ['-t', String(seconds), '-ac', '1', '-ar', String(rate), '-f', 's16le', '-'];
  const { stdout } = await runForBytes('ffmpeg', [...args, ...output]);
  // The start may be silence in front of the first sound.
  const samples = new Float64Array(Math.floor(stdout.length / 2));
  for (let at = 0; at < samples.length; at += 1) samples[at] = stdout.readInt16LE(at * 2);
  return toneOf(samples.subarray(Math.max(0, samples.length - rate)), rate);
}

/** Goertzel’s filter over the frequencies that tests send, 10 Hz apart. */
export function toneOf(samples: Float64Array, rate: number): { hz: number; share: number } {
  let best = { hz: 0, share: 0 };
  const power = samples.reduce((sum, value) => sum + value * value, 0);
  for (let hz = 100; hz <= 2000; hz += 10) {
    const coefficient = 2 * Math.cos((2 * Math.PI * hz) / rate);
    let [before, last] = [0, 0];
    for (const value of samples) [before, last] = [last, value + coefficient * last - before];
    const energy = last * last + before * before - coefficient * last * before;
    const share = power === 0 ? 0 : (2 * energy) / (samples.length * power);
    if (share > best.share) best = { hz, share };
  }
  return best;
}

async function runForBytes(program: string, args: readonly string[]): Promise<{ stdout: Buffer }> {
  const { stdout } = await run(program, args, 60_000, 'latin1');
  return { stdout: Buffer.from(stdout, 'latin1') };
}
