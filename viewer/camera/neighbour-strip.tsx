import { Link } from 'wouter-preact';
import { cameras } from '../fleet/fleet-store.ts';
import { lampShape } from '../fleet/light-shape.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp } from '../icons/lamp.tsx';
import { Thumb } from '../player/thumb.tsx';
import type { Camera } from '../../gateway/contract/camera.ts';

/** The cameras of the same project, each a tap away. */
export function NeighbourStrip({ camera }: { camera: Camera }) {
  const own = cameras.value.filter(({ projectId }) => projectId === camera.projectId);
  if (own.length < 2) return null;
  return (
    <nav class="camera-strip" aria-label={translate('camera.neighbours')}>
      {own.map((each) => (
        <Link
          key={each.id}
          href={`/cameras/${each.id}`}
          replace
          aria-current={each.id === camera.id ? 'page' : undefined}
        >
          <Thumb camera={each} age />
          <span class="nm">
            <Lamp shape={lampShape(each.light)} label={translate(`light.${each.light}`)} />
            <span class="ellip">{each.name}</span>
          </span>
        </Link>
      ))}
    </nav>
  );
}
