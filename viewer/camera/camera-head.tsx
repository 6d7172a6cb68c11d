import { Link } from 'wouter-preact';
import { lampShape } from '../fleet/light-shape.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { LampWord } from '../icons/lamp.tsx';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { Project } from '../../gateway/contract/project.ts';

/** Project and camera name over the page, with the light. */
export function CameraHead({ camera, project }: { camera: Camera; project: Project | null }) {
  return (
    <header class="camera-head">
      <Link class="tap" href="/" aria-label={translate('shell.back')}>
        <Icon name="back" />
      </Link>
      <div class="camera-name">
        <h1 class="ellip">{camera.name}</h1>
        <p class="ellip">{[project?.district, project?.name, camera.position].filter(Boolean).join(' · ')}</p>
      </div>
      <Link class="g-btn quiet s" href={`/timeline/${camera.id}`}>
        <Icon name="film" small />
        {translate('camera.toTimeline')}
      </Link>
      <LampWord shape={lampShape(camera.light)} tag>
        {translate(`light.${camera.light}`)}
      </LampWord>
    </header>
  );
}
