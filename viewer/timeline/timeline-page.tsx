import './timeline.css';
import { useSignal, useSignalEffect } from '@preact/signals';
import { useCallback, useEffect, useMemo } from 'preact/hooks';
import { Link, Redirect } from 'wouter-preact';
import { mayKeepRecord, mayManageCameras } from '../api/session.ts';
import {
  cameras,
  fleetState,
  newestGap,
  newestSnapshot,
  projects,
  reloadFleet,
} from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { Blank, LoadError } from '../shell/blank.tsx';
import { AttachForm } from './attach-form.tsx';
import { ChainCheck } from './chain-check.ts';
import { ChainPanel } from './chain-panel.tsx';
import { CompareBar, CompareStage } from './compare-stage.tsx';
import { CoveragePanel } from './coverage-panel.tsx';
import { DayNotes } from './day-notes.tsx';
import { DayRuler } from './day-ruler.tsx';
import { DayStrip, HourStrip } from './film-strip.tsx';
import { LapseForm } from './lapse-form.tsx';
import { LapseJobs } from './lapse-jobs.ts';
import { LapseList } from './lapse-list.tsx';
import { PictureStage } from './picture-stage.tsx';
import { RecordRuler } from './record-ruler.tsx';
import { TimelineStore } from './timeline-store.ts';
import { TimelineHead } from './timeline-head.tsx';
import { TransportBar } from './transport-bar.tsx';
import { addressOf, beginningOf } from './timeline-address.ts';
import { useTimelineKeys } from './use-timeline-keys.ts';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { Project } from '../../gateway/contract/project.ts';

/** The timeline of a camera; without one in the address, of the first camera that the user sees. */
export function TimelinePage({ id }: { id: string | null }) {
  const fleet = fleetState.value;
  const camera = id === null ? cameras.value[0] : cameras.value.find((known) => known.id === id);
  if (camera !== undefined)
    return id === null ? (
      <Redirect to={`/timeline/${camera.id}`} replace />
    ) : (
      <Ready camera={camera} key={id} />
    );
  if (fleet.state === 'loading') return <Skeleton />;
  if (fleet.state === 'failed')
    return (
      <main class="shell-center">
        <LoadError error={fleet.error} onRetry={reloadFleet} />
      </main>
    );
  return id === null ? <NoCamera /> : <Gone />;
}

function Ready({ camera }: { camera: Camera }) {
  const store = useMemo(
    () => new TimelineStore(camera.id, (picture) => createImageBitmap(picture)),
    [camera.id],
  );
  const chain = useMemo(() => new ChainCheck(camera.id), [camera.id]);
  const jobs = useMemo(() => new LapseJobs(camera.id), [camera.id]);
  const picking = useSignal(false);
  const project = projects.value.find((known) => known.id === camera.projectId) ?? null;
  useEffect(() => store.start(beginningOf(location.search)), [store]);
  useEvents(store);
  useAddress(store);
  const onPicking = useCallback((open: boolean) => (picking.value = open), [picking]);
  useTimelineKeys(store, onPicking);
  const read = store.read.value;
  return (
    <main class="timeline" data-state={read.state} data-pictures={store.index.value.length}>
      <TimelineHead
        store={store}
        camera={camera}
        project={project}
        picking={picking.value}
        onPicking={onPicking}
      />
      <CoveragePanel store={store} />
      {read.state === 'failed' ? (
        <div class="timeline-mid">
          <LoadError error={read.error} onRetry={store.retry} />
        </div>
      ) : null}
      {read.state === 'loading' ? <MidSkeleton /> : null}
      {read.state === 'ready' ? (
        <Middle store={store} camera={camera} project={project} chain={chain} />
      ) : null}
      <aside class="timeline-right" aria-label={translate('timeline.work')}>
        {store.mode.value === 'lapse' ? (
          <>
            {mayKeepRecord.value && read.state === 'ready' ? <LapseForm store={store} jobs={jobs} /> : null}
            <LapseList jobs={jobs} />
          </>
        ) : (
          <>
            {mayKeepRecord.value ? <AttachForm store={store} project={project} /> : null}
            <DayNotes store={store} project={project} />
          </>
        )}
        <ChainPanel store={store} chain={chain} />
      </aside>
    </main>
  );
}

interface MiddleProps {
  store: TimelineStore;
  camera: Camera;
  project: Project | null;
  chain: ChainCheck;
}

function Middle({ store, camera, project, chain }: MiddleProps) {
  if (store.index.value.length === 0) return <NoPictures camera={camera} />;
  const compare = store.mode.value === 'compare';
  return (
    <div class="timeline-mid">
      {compare ? (
        <CompareStage store={store} />
      ) : (
        <PictureStage store={store} camera={camera} projectName={project?.name ?? ''} chain={chain} />
      )}
      {compare ? <CompareBar store={store} /> : <TransportBar store={store} />}
      <div class="timeline-rulers">
        <DayRuler store={store} />
        <RecordRuler store={store} />
      </div>
      <HourStrip store={store} />
      <DayStrip store={store} />
    </div>
  );
}

/** New pictures, changed ones and gaps as the gateway tells of them. */
function useEvents(store: TimelineStore): void {
  useSignalEffect(() => {
    const snapshot = newestSnapshot.value;
    if (snapshot !== null) queueMicrotask(() => store.take(snapshot));
  });
  useSignalEffect(() => {
    const gap = newestGap.value;
    if (gap !== null) queueMicrotask(() => store.takeGap(gap));
  });
}

/** Keeps the address in step, so that a link or a reload comes back to the same picture. */
function useAddress(store: TimelineStore): void {
  useSignalEffect(() => {
    if (store.read.value.state !== 'ready') return;
    const search = addressOf(store, location.search);
    if (search !== location.search) history.replaceState(history.state, '', location.pathname + search);
  });
}

function NoPictures({ camera }: { camera: Camera }) {
  return (
    <div class="timeline-mid">
      <Blank
        drawing="gantry"
        title={translate('timeline.empty')}
        actions={
          <Link class="g-btn pri" href={`/cameras/${camera.id}`}>
            {translate('timeline.toCamera')}
          </Link>
        }
      >
        {translate('timeline.emptyWhy')}
      </Blank>
    </div>
  );
}

function NoCamera() {
  return (
    <main class="shell-center">
      <Blank
        drawing="gantry"
        title={translate('timeline.noCamera')}
        actions={
          mayManageCameras.value ? (
            <Link class="g-btn pri" href="/register">
              {translate('shell.register')}
            </Link>
          ) : null
        }
      >
        {translate('timeline.noCameraWhy')}
      </Blank>
    </main>
  );
}

function Gone() {
  return (
    <main class="shell-center">
      <Blank
        drawing="lock"
        title={translate('timeline.gone')}
        actions={
          <Link class="g-btn" href="/">
            {translate('shell.toWall')}
          </Link>
        }
      >
        {translate('camera.goneWhy')}
      </Blank>
    </main>
  );
}

function MidSkeleton() {
  return (
    <div class="timeline-mid" aria-busy="true" aria-label={translate('shell.loading')}>
      <div class="timeline-picture">
        <div class="g-frame g-skel" />
      </div>
      <div class="g-skel timeline-bar-skel" />
      <div class="g-skel timeline-bar-skel" />
    </div>
  );
}

function Skeleton() {
  return (
    <main class="timeline">
      <header class="timeline-head" />
      <aside class="timeline-left" aria-hidden="true" />
      <MidSkeleton />
      <aside class="timeline-right" aria-hidden="true" />
    </main>
  );
}
