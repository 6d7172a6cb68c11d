import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { wsDiscoveryGroup, wsDiscoveryGroup6, wsDiscoveryPort } from './probe-message.ts';
import type { SearchInterface } from './search-interfaces.ts';

/** A UDP socket that asks from one own address; late errors go to `onError`, since without a listener they end the process. */
export async function openProbeSocket(
  { family, address, name }: SearchInterface,
  onError: (error: Error) => void,
): Promise<Socket> {
  const socket = createSocket({ type: family === 4 ? 'udp4' : 'udp6' });
  socket.on('error', onError);
  try {
    const listening = once(socket, 'listening');
    socket.bind({ address, port: 0, exclusive: true });
    await listening;
    socket.setMulticastInterface(family === 4 ? address : `::%${name}`);
    socket.setMulticastTTL(1);
    socket.setMulticastLoopback(true);
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** A UDP socket that hears what is sent to the group on one interface, and nothing sent to this machine itself. */
export async function openGroupSocket(
  { family, address, name }: SearchInterface,
  onError: (error: Error) => void,
): Promise<Socket> {
  const socket = createSocket({ type: family === 4 ? 'udp4' : 'udp6', reuseAddr: true });
  socket.on('error', onError);
  try {
    const group = family === 4 ? wsDiscoveryGroup : `${wsDiscoveryGroup6}%${name}`;
    const listening = once(socket, 'listening');
    socket.bind({ address: group, port: wsDiscoveryPort });
    await listening;
    if (family === 4) socket.addMembership(wsDiscoveryGroup, address);
    else socket.addMembership(wsDiscoveryGroup6, `::%${name}`);
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** Where a probe goes from this interface. */
export function groupOf({ family, name }: SearchInterface): string {
  return family === 4 ? wsDiscoveryGroup : `${wsDiscoveryGroup6}%${name}`;
}
