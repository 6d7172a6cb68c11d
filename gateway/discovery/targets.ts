import { isIP } from 'node:net';
import { GatewayError } from '../base/gateway-error.ts';
import type { NetworkGuard } from '../base/network-guard.ts';
import { bareHost } from './onvif/soap-transport.ts';

/** One thing to ask: a host as the user named it, and the service addresses it may have, in order. */
export interface HostTarget {
  named: string;
  /** Name or address, IPv6 without brackets. */
  host: string;
  xaddrs: string[];
  /** True when the user chose the ports: then several devices may stand behind one address. */
  everyPort: boolean;
  /** True when the user named the port or the whole service address: then it is asked nowhere else. */
  portsGiven: boolean;
}

/** Ports on which cameras speak ONVIF: the standard one, then Hikvision, many, XM, TP-Link. */
export const usualOnvifPorts: readonly number[] = [80, 8000, 8080, 8899, 2020];
/** For whole networks, where each port costs time. */
export const usualScanPorts: readonly number[] = [80, 443, 8000, 8080, 554, 8554];
/** Ports on which cameras speak RTSP. */
export const usualRtspPorts: readonly number[] = [554, 8554];
const TLS_PORTS: readonly number[] = [443, 8443];

/** True for a port on which nothing but RTSP is looked for. */
export function isRtspPort(port: number): boolean {
  return usualRtspPorts.includes(port);
}

/** True for a port on which nothing but ONVIF is looked for. */
export function isOnvifPort(port: number): boolean {
  return usualOnvifPorts.includes(port) || TLS_PORTS.includes(port);
}

const SERVICE_PATH = '/onvif/device_service';
/** A /16; larger networks take hours and are hardly one site. */
const LEAST_PREFIX = 16;

/**
 * Reads `192.168.1.64`, `192.168.1.64:8080`, `[fd00::5]:80`, `camera.site`, or a service address as it is.
 * Throws `bad-request` for anything else.
 */
export function hostTarget(named: string, ports?: readonly number[]): HostTarget {
  const text = named.trim();
  if (/^https?:\/\//i.test(text)) {
    if (!URL.canParse(text)) throw badHost(named);
    const url = new URL(text);
    const path = url.pathname === '/' ? SERVICE_PATH : url.pathname + url.search;
    return {
      named: url.host,
      host: bareHost(url.hostname),
      xaddrs: [url.origin + path],
      everyPort: false,
      portsGiven: true,
    };
  }
  const url = `http://${isIP(text) === 6 ? `[${text}]` : text}`;
  const parts = /^http:\/\/(\[[0-9a-f:.]+\]|[^[\]:/?#@\s]+)(?::(\d{1,5}))?$/i.exec(url);
  if (!parts || !URL.canParse(url)) throw badHost(named);
  const [, host = '', port] = parts;
  const wanted = port === undefined ? (ports ?? usualOnvifPorts) : [Number(port)];
  const xaddrs = wanted.map((each) => serviceAt(bareHost(host), each));
  const portsGiven = port !== undefined || ports !== undefined;
  return { named: text, host: bareHost(host), xaddrs, everyPort: ports !== undefined, portsGiven };
}

/** The device service that ONVIF prescribes, at this host and port. */
export function serviceAt(host: string, port: number): string {
  const authority = isIP(host) === 6 ? `[${host}]` : host;
  const scheme = TLS_PORTS.includes(port) ? 'https' : 'http';
  const shown = port === 80 || port === 443 ? '' : `:${port}`;
  return `${scheme}://${authority}${shown}${SERVICE_PATH}`;
}

/** The same service address over HTTP instead of HTTPS, or the other way round; the port stays. */
export function otherScheme(xaddr: string): string {
  const url = new URL(xaddr);
  const scheme = url.protocol === 'http:' ? 'https' : 'http';
  return `${scheme}://${url.hostname}:${portOf(xaddr)}${url.pathname}${url.search}`;
}

/** The port of an http, https or rtsp address. */
export function portOf(address: string): number {
  const { port, protocol } = new URL(address);
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : protocol === 'rtsp:' ? 554 : 80;
}

/**
 * The host addresses of an IPv4 network such as `192.168.10.0/24`, at most a /16, without its own and its broadcast address.
 * Throws `bad-request`, or `address-not-allowed` when any of them lies outside the guard's networks.
 */
export function addressesOf(cidr: string, guard: Pick<NetworkGuard, 'allows'>): string[] {
  const match = /^\s*(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})\s*$/.exec(cidr);
  const [, network = '', prefixText = ''] = match ?? [];
  const prefix = Number(prefixText);
  if (isIP(network) !== 4 || prefix > 32) {
    throw new GatewayError('bad-request', `"${cidr}" is not a network such as 192.168.10.0/24`);
  }
  if (prefix < LEAST_PREFIX) {
    throw new GatewayError(
      'bad-request',
      `${cidr} is too large to scan; give networks of at most /${LEAST_PREFIX}`,
    );
  }
  const size = 2 ** (32 - prefix);
  const first = Math.floor(toNumber(network) / size) * size;
  const [skipStart, skipEnd] = prefix >= 31 ? [0, 0] : [1, 1];
  const addresses = Array.from({ length: size - skipStart - skipEnd }, (_, index) =>
    toAddress(first + skipStart + index),
  );
  if (!addresses.every((address) => guard.allows(address))) {
    throw new GatewayError(
      'address-not-allowed',
      `the network ${cidr} is not wholly inside discovery.allowedNetworks; nothing was sent to it`,
    );
  }
  return addresses;
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
}

function badHost(named: string): GatewayError {
  return new GatewayError(
    'bad-request',
    `"${named}" is not a host such as 192.168.1.64, 192.168.1.64:8080 or http://192.168.1.64/onvif/device_service`,
  );
}
