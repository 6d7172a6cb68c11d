import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the program says of a camera. */
export interface ToldCamera {
  index: number;
  endpointId: string;
  name: string;
  xaddr: string;
  rtspMain: string;
  rtspSub: string;
  codec: string;
  audio: boolean;
}

/** A demo site running as its own program. */
export interface RunningSite {
  child: ChildProcess;
  cameras: ToldCamera[];
  controlUrl: string;
  /** Lines it wrote to stderr so far. */
  log: string[];
}

const mainPath = fileURLToPath(new URL('../../../scripts/demo-site/main.ts', import.meta.url));

/** Starts the program; stdin stays open until the test closes it. */
export function spawnSite(args: string[]): ChildProcess {
  return spawn(process.execPath, [mainPath, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Starts a site with small clips and waits for its ready line. */
export async function startSite(cache: string, cameras: number, more: string[] = []): Promise<RunningSite> {
  const child = spawnSite([
    '--fast',
    '--base-port',
    '0',
    '--cache',
    cache,
    '--cameras',
    String(cameras),
    ...more,
  ]);
  const log: string[] = [];
  child.stderr!.on('data', (chunk: Buffer) => log.push(chunk.toString('utf8')));
  let out = '';
  for await (const chunk of child.stdout! as AsyncIterable<Buffer>) {
    out += chunk.toString('utf8');
    if (out.includes('\n')) break;
  }
  if (!out.includes('"ready":true')) throw new Error(`the demo site did not start: ${log.join('')}`);
  const said = JSON.parse(out) as { cameras: ToldCamera[]; controlUrl: string };
  return { child, log, cameras: said.cameras, controlUrl: said.controlUrl };
}

/** Ends a site and waits until it is gone. */
export async function stopSite(site: RunningSite): Promise<void> {
  if (site.child.exitCode !== null) return;
  const gone = once(site.child, 'exit');
  site.child.kill('SIGTERM');
  await gone;
}

/** Orders a fault at a camera. */
export async function misbehave(
  site: RunningSite,
  index: number,
  order: Record<string, unknown>,
): Promise<void> {
  const response = await fetch(`${site.controlUrl}/cameras/${index}/fault`, {
    method: 'POST',
    body: JSON.stringify(order),
  });
  if (!response.ok) throw new Error(await response.text());
}

/** What the control door says of a camera. */
export async function stateOf(
  site: RunningSite,
  index: number,
): Promise<{
  fault: string;
  counters: Record<string, number>;
  ptz: Record<string, unknown>;
  clockMs: number;
}> {
  const state = (await (await fetch(`${site.controlUrl}/state`)).json()) as { cameras: never[] };
  return state.cameras[index]!;
}

/** Asks again until the condition holds; the answer is what it then gave. */
export async function eventually<T>(ask: () => Promise<T | undefined>, withinMs = 10_000): Promise<T> {
  const endMs = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > endMs) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
