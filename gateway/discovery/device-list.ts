import type { DiscoveredDevice } from '../contract/discovery.ts';
import { isLinkLocal } from './ws-discovery/search-interfaces.ts';
import type { PreviewSource } from './preview-source.ts';

/** No site has more; past this the answers are a flood. */
const MOST_DEVICES = 2000;

interface Entry {
  /** Stays the same as long as the list lives. */
  number: number;
  device: DiscoveredDevice;
  preview: PreviewSource | null;
}

/** The devices of one search in the order they were found, each once; lives as long as its job. */
export class DeviceList {
  readonly #jobId: string;
  readonly #entries = new Map<string, Entry>();
  #numbers = 0;

  constructor(jobId: string) {
    this.#jobId = jobId;
  }

  /** Takes the device in under its key; false when that is there already or the list is full. */
  add(key: string, device: DiscoveredDevice): boolean {
    if (this.#entries.has(key) || this.#entries.size >= MOST_DEVICES) return false;
    this.#entries.set(key, { number: this.#numbers, device, preview: null });
    this.#numbers += 1;
    return true;
  }

  /** Replaces the entry. When it turns out to be a device that is listed already, the entry that could be signed in to stays. */
  update(key: string, device: DiscoveredDevice, preview: PreviewSource | null): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    const previewUrl = preview && `/api/v1/discovery/${this.#jobId}/previews/${entry.number}`;
    this.#entries.set(key, { number: entry.number, device: { ...device, previewUrl }, preview });
    for (const [otherKey, { device: other }] of this.#entries) {
      if (otherKey === key || !isSame(other, device)) continue;
      this.#entries.delete(device.auth === 'ok' && other.auth !== 'ok' ? otherKey : key);
      return;
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): DiscoveredDevice | undefined {
    return this.#entries.get(key)?.device;
  }

  /** Where the picture of the device with this number comes from; undefined when there is none. */
  preview(number: number): PreviewSource | undefined {
    for (const entry of this.#entries.values())
      if (entry.number === number) return entry.preview ?? undefined;
    return undefined;
  }

  /** Takes in a better address of a device that answered on its link-local one before; false when that is not so. */
  replaceLinkLocal(key: string, device: DiscoveredDevice): boolean {
    const entry = this.#entries.get(key);
    if (!entry || !isLinkLocal(entry.device.address) || isLinkLocal(device.address)) return false;
    this.#entries.set(key, { ...entry, device });
    return true;
  }

  hasXaddr(xaddr: string): boolean {
    for (const { device } of this.#entries.values()) if (device.xaddr === xaddr) return true;
    return false;
  }

  /** True when a device at this address is listed. */
  hasAddress(address: string): boolean {
    for (const { device } of this.#entries.values()) if (device.address === address) return true;
    return false;
  }

  toArray(): DiscoveredDevice[] {
    return Array.from(this.#entries.values(), ({ device }) => device);
  }
}

/** Boards of one series sometimes share an endpoint id: then the MAC tells them apart. */
function isSame(a: DiscoveredDevice, b: DiscoveredDevice): boolean {
  if (a.endpointId === null || a.endpointId !== b.endpointId) return false;
  return a.mac === null || b.mac === null || a.mac === b.mac;
}
