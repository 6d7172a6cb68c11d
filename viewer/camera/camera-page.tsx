import './camera.css';
import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { gateway } from '../api/gateway.ts';
import {
  cameras,
  fleetState,
  newestGap,
  newestSnapshot,
  projects,
  reloadFleet,
  takeHealth,
} from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Blank, LoadError } from '../shell/blank.tsx';
import { CameraDetails } from './camera-details.tsx';
import { CameraHead } from './camera-head.tsx';
import { CameraRecord } from './camera-record.ts';
import { CameraStage } from './camera-stage.tsx';
import { DayStrip } from './day-strip.tsx';
import { GapList } from './gap-list.tsx';
import { MonthCalendar } from './month-calendar.tsx';
import { NeighbourStrip } from './neighbour-strip.tsx';
import { lazyPage } from '../shell/lazy-page.tsx';
import { mayManageCameras } from '../api/session.ts';
import type { Camera } from '../../gateway/contract/camera.ts';

const TechnicianTools = lazyPage(async () => (await import('./technician-tools.tsx')).TechnicianTools);

const HEALTH_MS = 10_000;

/** The page of one camera: live picture or a picked snapshot, the day's record, the month, state and details. */
export function CameraPage({ id }: { id: string }) {
  const fleet = fleetState.value;
  const camera = cameras.value.find((known) => known.id === id);
  if (camera !== undefined) return <Ready camera={camera} />;
  if (fleet.state === 'failed')
    return (
      <main class="shell-center">
        <LoadError error={fleet.error} onRetry={reloadFleet} />
      </main>
    );
  if (fleet.state === 'loading') return <Skeleton />;
  return (
    <main class="shell-center">
      <Blank
        drawing="lock"
        title={translate('camera.gone')}
        actions={
          <Link class="g-btn pri" href="/">
            {translate('shell.toWall')}
          </Link>
        }
      >
        {translate('camera.goneWhy')}
      </Blank>
    </main>
  );
}

function Ready({ camera }: { camera: Camera }) {
  const record = useMemo(() => new CameraRecord(camera.id), [camera.id]);
  const project = projects.value.find((known) => known.id === camera.projectId) ?? null;
  useEffect(() => record.start(), [record]);
  useSignalEffect(() => {
    const snapshot = newestSnapshot.value;
    if (snapshot !== null) queueMicrotask(() => record.add(snapshot));
  });
  useSignalEffect(() => {
    const gap = newestGap.value;
    if (gap !== null) queueMicrotask(() => record.addGap(gap));
  });
  usePolledHealth(camera.id);
  useRecordKeys(record);
  return (
    <main class="camera">
      <CameraHead camera={camera} project={project} />
      <div class="camera-mid">
        <CameraStage camera={camera} record={record} />
        <NeighbourStrip camera={camera} />
        <DayStrip record={record} />
      </div>
      <div class="camera-left">
        <MonthCalendar record={record} />
        <GapList record={record} />
      </div>
      <div class="camera-right">
        <CameraDetails camera={camera} />
        {mayManageCameras.value ? <TechnicianTools camera={camera} key={camera.id} /> : null}
      </div>
    </main>
  );
}

/** Health comes over events when it changes; the numbers are asked for while someone looks. */
function usePolledHealth(cameraId: string): void {
  useEffect(() => {
    const ask = (): void => {
      if (document.visibilityState === 'visible') gateway.health(cameraId).then(takeHealth, () => {});
    };
    ask();
    const timer = setInterval(ask, HEALTH_MS);
    return () => clearInterval(timer);
  }, [cameraId]);
}

/** `← →` pictures, `↑ ↓` days, Esc back to live. */
function useRecordKeys(record: CameraRecord): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.target as HTMLElement).matches('input, select, textarea, summary')) return;
      if (event.key === 'ArrowLeft') record.step(-1);
      else if (event.key === 'ArrowRight') record.step(1);
      else if (event.key === 'ArrowUp') record.turnDay(-1);
      else if (event.key === 'ArrowDown') record.turnDay(1);
      else if (event.key === 'Escape') record.picked.value = null;
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [record]);
}

function Skeleton() {
  return (
    <main class="camera" aria-busy="true" aria-label={translate('shell.loading')}>
      <header class="camera-head">
        <Link class="tap" href="/" aria-label={translate('shell.back')}>
          <Icon name="back" />
        </Link>
      </header>
      <div class="camera-mid">
        <div class="camera-stage g-skel" />
      </div>
    </main>
  );
}
