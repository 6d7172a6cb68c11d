import { useEffect } from 'preact/hooks';
import { isOnline } from '../fleet/light-shape.ts';
import { ageText } from '../format/duration-text.ts';
import { Icon } from '../icons/icon.tsx';
import { now } from '../shell/now.ts';
import { posterOf, refreshPoster } from './poster-store.ts';
import type { Camera } from '../../gateway/contract/camera.ts';

const MAX_AGE_MS = 30_000;

/** A camera's newest picture, small, with its age when `age`; grey when the camera is away. */
export function Thumb({ camera, age = false }: { camera: Camera; age?: boolean }) {
  const poster = posterOf(camera.id).value;
  useEffect(() => {
    refreshPoster(camera.id, MAX_AGE_MS);
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') refreshPoster(camera.id, MAX_AGE_MS);
    }, MAX_AGE_MS);
    return () => clearInterval(timer);
  }, [camera.id]);
  if (poster === undefined) return <span class="thumb g-skel" />;
  if (poster === null)
    return (
      <span class="thumb none">
        <Icon name="camera" />
      </span>
    );
  return (
    <span class={isOnline(camera.light) ? 'thumb' : 'thumb dead'}>
      <img src={poster.url} alt="" />
      {age ? <span class="g-plate age">{ageText(poster.takenAt, now.value)}</span> : null}
    </span>
  );
}
