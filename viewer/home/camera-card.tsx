import { Link } from 'wouter-preact';
import { lampShape } from '../fleet/light-shape.ts';
import { reasonText, troubledSince } from '../fleet/reason-text.ts';
import { durationText } from '../format/duration-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { LampWord } from '../icons/lamp.tsx';
import { AgePlate } from '../player/age-plate.tsx';
import { posterOf } from '../player/poster-store.ts';
import { Thumb } from '../player/thumb.tsx';
import { now } from '../shell/now.ts';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { Project } from '../../gateway/contract/project.ts';

/** One camera of the phone's list: newest picture with its age, light and reason; `hero` is the large form. */
export function CameraCard({ camera, project, hero }: { camera: Camera; project: Project; hero: boolean }) {
  const href = `/cameras/${camera.id}`;
  const why = reasonText(camera);
  if (!hero) {
    return (
      <Link class="home-row" href={href}>
        <Thumb camera={camera} age />
        <div class="home-text">
          <h3>{camera.name}</h3>
          <p>
            <LightWord camera={camera} />
            <span class="ellip">{why}</span>
          </p>
          <ProjectLine project={project} />
        </div>
      </Link>
    );
  }
  const poster = posterOf(camera.id).value;
  return (
    <Link class="home-hero" href={href}>
      <div class="g-frame">
        <Thumb camera={camera} />
        {poster ? <AgePlate at={poster.takenAt} /> : null}
      </div>
      <div class="home-body">
        <div class="home-headline">
          <h3>{camera.name}</h3>
          <LightWord camera={camera} tag />
        </div>
        {why === null ? null : <p>{why}</p>}
        <ProjectLine project={project} />
      </div>
    </Link>
  );
}

function LightWord({ camera, tag = false }: { camera: Camera; tag?: boolean }) {
  const since = camera.light === 'red' ? troubledSince(camera) : null;
  return (
    <LampWord shape={lampShape(camera.light)} tag={tag}>
      {since === null
        ? translate(`light.${camera.light}`)
        : translate('home.offlineFor', { time: durationText(now.value - since) })}
    </LampWord>
  );
}

function ProjectLine({ project }: { project: Project }) {
  const { online, total } = project.cameras;
  return (
    <div class="home-project">
      <span class="ellip">{project.name}</span>
      <span class={online < total ? 'cams miss' : 'cams'}>
        <Icon name="camera" small />
        {translate('home.online', { online, total })}
      </span>
    </div>
  );
}
