import type { DiscoveredDevice } from '../contract/discovery.ts';
import type { CameraRecord } from './camera-record.ts';

/** Names by which a device may be known again. */
export type DeviceIdentity = Pick<DiscoveredDevice, 'endpointId' | 'mac' | 'serial' | 'xaddr'>;

/**
 * Endpoint id and MAC are unique where the maker does his work; some makers ship one serial for a whole batch, so that a
 * serial counts only when the device has neither of the others. A camera without ONVIF is known by host and port of its
 * stream.
 */
export function isSameDevice(camera: CameraRecord, device: DeviceIdentity): boolean {
  if (/^rtsps?:/.test(device.xaddr)) return rtspPlace(camera.rtsp.main) === rtspPlace(device.xaddr);
  if (!camera.onvif) return false;
  const { endpointId } = camera.onvif;
  if (endpointId !== null && device.endpointId !== null) return endpointId === device.endpointId;
  if (camera.mac !== null && device.mac !== null)
    return camera.mac.toLowerCase() === device.mac.toLowerCase();
  if (camera.serial !== null && camera.serial === device.serial) return true;
  return camera.onvif.xaddr === device.xaddr;
}

function rtspPlace(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, port } = new URL(url);
  return `${hostname}:${port || (protocol === 'rtsps:' ? '322' : '554')}`;
}
