import { useSignal } from '@preact/signals';
import { Icon } from '../icons/icon.tsx';
import type { Device } from './found-device.ts';

/** A small picture of a found device, fetched by the gateway; a lock where it asks for a password first. */
export function Preview({ device }: { device: Device }) {
  const broken = useSignal<string | null>(null);
  const url = device.previewUrl ?? null;
  if (url === null || broken.value === url) {
    return (
      <span class="register-preview none">
        <Icon name={device.auth === 'ok' ? 'camera' : 'lock'} small />
      </span>
    );
  }
  return (
    <span class="register-preview">
      <img src={url} alt="" loading="lazy" onError={() => (broken.value = url)} />
    </span>
  );
}
