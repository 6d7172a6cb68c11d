import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A network cable to a camera that a test can cut: a TCP relay; lives until `stop`. */
export class CuttableLine {
  readonly #server: Server;
  readonly #ends = new Set<Socket>();
  #whole = true;

  private constructor(host: string, port: number) {
    this.#server = createServer((near) => {
      if (!this.#whole) {
        near.destroy();
        return;
      }
      const far = connect(port, host);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#ends.add(one);
        one.on('error', () => undefined);
        one.on('close', () => {
          this.#ends.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
  }

  /** A line to the host and port of `url`. */
  static async start(url: string): Promise<CuttableLine> {
    const { hostname, port } = new URL(url);
    const line = new CuttableLine(hostname, Number(port));
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  /** The URL by way of this line. */
  url(direct: string): string {
    return direct.replace(/:\d+\//, `:${(this.#server.address() as AddressInfo).port}/`);
  }

  /** Ends all connections and lets none through until `mend`. */
  cut(): void {
    this.#whole = false;
    for (const end of this.#ends) end.destroy();
  }

  mend(): void {
    this.#whole = true;
  }

  stop(): void {
    this.cut();
    this.#server.close();
  }
}
