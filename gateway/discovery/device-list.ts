import type { DiscoveredDevice } from '../contract/discovery.ts';

/** No site has more; past this the answers are a flood. */
const MOST_DEVICES = 2000;

/** The devices of one search in the order they were found, each once; lives as long as its job. */
export class DeviceList {
  readonly #devices = new Map<string, DiscoveredDevice>();

  /** Takes the device in under its key; false when that is there already or the list is full. */
  add(key: string, device: DiscoveredDevice): boolean {
    if (this.#devices.has(key) || this.#devices.size >= MOST_DEVICES) return false;
    this.#devices.set(key, device);
    return true;
  }

  /** Replaces the entry. When it turns out to be a device that is listed already, the entry that could be signed in to stays. */
  update(key: string, device: DiscoveredDevice): void {
    if (!this.#devices.has(key)) return;
    this.#devices.set(key, device);
    for (const [otherKey, other] of this.#devices) {
      if (otherKey === key || !isSame(other, device)) continue;
      this.#devices.delete(device.auth === 'ok' && other.auth !== 'ok' ? otherKey : key);
      return;
    }
  }

  get(key: string): DiscoveredDevice | undefined {
    return this.#devices.get(key);
  }

  remove(key: string): void {
    this.#devices.delete(key);
  }

  toArray(): DiscoveredDevice[] {
    return [...this.#devices.values()];
  }
}

/** Boards of one series sometimes share an endpoint id: then the MAC tells them apart. */
function isSame(a: DiscoveredDevice, b: DiscoveredDevice): boolean {
  if (a.endpointId === null || a.endpointId !== b.endpointId) return false;
  return a.mac === null || b.mac === null || a.mac === b.mac;
}
