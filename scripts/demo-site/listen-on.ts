import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/** A port that another program holds; the message says which and the way out. */
export class PortTaken extends Error {
  override name = 'PortTaken';
}

/** Listens on a port (0: any free one) and gives the port; throws `PortTaken` in plain words. */
export async function listenOn(server: Server, port: number, host: string, what: string): Promise<number> {
  try {
    const listening = once(server, 'listening');
    server.listen(port, host);
    await listening;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new PortTaken(
      `The demo site cannot start: port ${port} on ${host} (${what}) is in use by another program. ` +
        `End that program, or give other ports with --base-port N (0 for any free ones).`,
    );
  }
  return (server.address() as AddressInfo).port;
}
