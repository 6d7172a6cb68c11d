import { execFile, spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Network namespaces joined by veth pairs, made by one test and removed with it; needs root. */
export class TestNetworks {
  readonly #prefix = `gt${process.pid}`;
  readonly #names = new Set<string>();
  readonly #programs: ChildProcessWithoutNullStreams[] = [];

  /** The namespace's full name; it is made when it is first named. */
  async namespace(name: string): Promise<string> {
    const full = `${this.#prefix}${name}`;
    if (this.#names.has(full)) return full;
    this.#names.add(full);
    await run('ip', ['netns', 'add', full]);
    await run('ip', ['-n', full, 'link', 'set', 'lo', 'up']);
    return full;
  }

  /** Joins two namespaces by a cable; each end is named after the namespace at the other. */
  async join(a: string, aAddresses: string[], b: string, bAddresses: string[]): Promise<void> {
    const [inA, inB] = [await this.namespace(a), await this.namespace(b)];
    await run('ip', ['-n', inA, 'link', 'add', b, 'type', 'veth', 'peer', 'name', a, 'netns', inB]);
    for (const [where, link, addresses] of [
      [inA, b, aAddresses],
      [inB, a, bAddresses],
    ] as const) {
      // The kernel sends nothing by itself: no looking for doubles (so that addresses are there at once), nor for routers.
      const quiet = ['accept_dad=0', 'router_solicitations=0'].map((key) => `net.ipv6.conf.${link}.${key}`);
      await run('ip', ['netns', 'exec', where, 'sysctl', '-qw', ...quiet]);
      await this.ip(
        where,
        addresses.map((address) => `addr add ${address} dev ${link}`),
      );
      await run('ip', ['-n', where, 'link', 'set', link, 'up']);
    }
  }

  /** Runs `ip` commands in a namespace (by its full name), all at once. */
  async ip(namespace: string, commands: string[]): Promise<void> {
    const child = spawn('ip', ['-n', namespace, '-batch', '-']);
    child.stdin.end(`${commands.join('\n')}\n`);
    const code = await new Promise((resolve) => child.on('close', resolve));
    if (code !== 0) throw new Error(`ip failed in ${namespace}: ${commands[0]} …`);
  }

  /** Lets a namespace pass packets on. */
  async forward(name: string): Promise<void> {
    await run('ip', ['netns', 'exec', await this.namespace(name), 'sysctl', '-qw', 'net.ipv4.ip_forward=1']);
  }

  /** Starts a program in a namespace. */
  async start(name: string, command: string, args: string[]): Promise<TestProgram> {
    const full = await this.namespace(name);
    const child = spawn('ip', ['netns', 'exec', full, command, ...args]);
    this.#programs.push(child);
    return new TestProgram(child);
  }

  /** Ends the programs that were started, and removes the namespaces with their cables. */
  async stop(): Promise<void> {
    for (const child of this.#programs) child.kill('SIGKILL');
    for (const name of this.#names) await run('ip', ['netns', 'del', name]).catch(() => undefined);
  }
}

/** A program that talks in lines. */
export class TestProgram {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  constructor(child: ChildProcessWithoutNullStreams) {
    this.child = child;
    child.stderr.on(
      'data',
      (chunk: Buffer) => (this.#errors = (this.#errors + chunk.toString()).slice(-4000)),
    );
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** The next line that it prints; throws its errors when it ended instead. */
  async line(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done) throw new Error(`the program ended: ${this.#errors}`);
    return next.value;
  }

  async json<Shape>(): Promise<Shape> {
    return JSON.parse(await this.line()) as Shape;
  }
}
