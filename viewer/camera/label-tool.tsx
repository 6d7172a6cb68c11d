import { encodeQR } from 'qr';
import type { Camera } from '../../gateway/contract/camera.ts';
import { projects } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';

/** A phone that scans the label opens this page: the code, made here, and a print of it. */
export function LabelTool({ camera }: { camera: Camera }) {
  const link = `${location.origin}/cameras/${encodeURIComponent(camera.id)}`;
  const project = projects.value.find(({ id }) => id === camera.projectId);
  const isLocal = /^(localhost|127\.|\[::1\])/.test(location.hostname);
  return (
    <>
      <div class="tool-label">
        <QrCode text={link} label={translate('tools.qr', { name: camera.name })} />
        <div>
          <b>{camera.name}</b>
          <span>{project?.name}</span>
          <span>{camera.position}</span>
        </div>
      </div>
      <p class="dim">{translate(isLocal ? 'tools.labelLocal' : 'tools.labelHelp')}</p>
      <button class="g-btn" onClick={() => print()}>
        <Icon name="print" small />
        {translate('tools.print')}
      </button>
    </>
  );
}

/** A QR code as one path, dark on light in every theme, with the quiet border that scanners want. */
function QrCode({ text, label }: { text: string; label: string }) {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  const size = modules.length;
  const path = modules
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return (
    <svg class="tool-qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} data-link={text}>
      <rect width={size} height={size} />
      <path d={path} />
    </svg>
  );
}
