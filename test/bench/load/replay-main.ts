import { benchClip } from './bench-clip.ts';
import { ReplayFrames } from './replay-frames.ts';
import { ReplayServer } from './replay-server.ts';

const server = new ReplayServer(new ReplayFrames(await benchClip()));
const port = await server.start(Number(process.argv[2] ?? 0));
console.log(`port ${port}`);
process.once('SIGTERM', () => process.exit(0));
// The benchmark that started it has gone: so does this.
process.stdin.resume().once('end', () => process.exit(0));
