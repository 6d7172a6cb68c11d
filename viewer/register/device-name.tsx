import { translate } from '../i18n/translate.ts';
import type { Device } from './found-device.ts';

/** Make over model, as far as the device tells. */
export function DeviceName({ device }: { device: Device }) {
  return (
    <>
      <b>{device.vendor ?? device.name ?? translate('register.unknownVendor')}</b>
      <span>{device.model ?? translate('register.unknownModel')}</span>
    </>
  );
}

/** What a device is called before it has its own name: the name it bears, else its make. */
export function shortName(device: Device): string {
  return device.name ?? device.vendor ?? translate('register.unknownVendor');
}
