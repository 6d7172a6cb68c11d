import { useSignal } from '@preact/signals';
import { mayKeepRecord } from '../api/session.ts';
import { clockText, dateText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { CameraPicker } from './camera-picker.tsx';
import { DownloadMenu } from './download-menu.tsx';
import { ShareDialog, copyText } from './share-dialog.tsx';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { Project } from '../../gateway/contract/project.ts';
import type { ShareTarget } from '../../gateway/contract/share.ts';
import type { IconName } from '../icons/icon-names.ts';
import type { Mode, TimelineStore } from './timeline-store.ts';

interface HeadProps {
  store: TimelineStore;
  camera: Camera;
  project: Project | null;
  picking: boolean;
  onPicking: (open: boolean) => void;
}

/** Which camera, which view, and what can be taken along. */
export function TimelineHead({ store, camera, project, picking, onPicking }: HeadProps) {
  const sharing = useSignal<ShareTarget | null>(null);
  return (
    <header class="timeline-head">
      <CameraPicker camera={camera} project={project} open={picking} onOpen={onPicking} />
      <span class="spring" />
      <ModeChoice store={store} />
      <span class="spring" />
      <div class="acts">
        <button
          class="g-btn"
          disabled={store.picture.value === null}
          onClick={() => void copyText(citation(store, camera, project), translate('timeline.cited'))}
        >
          <Icon name="copy" small />
          <span class="word">{translate('timeline.cite')}</span>
        </button>
        {mayKeepRecord.value ? (
          <button class="g-btn" onClick={() => (sharing.value = targetOf(store))}>
            <Icon name="share" small />
            <span class="word">{translate('timeline.share')}</span>
          </button>
        ) : null}
        <DownloadMenu store={store} camera={camera} />
      </div>
      {sharing.value === null ? null : (
        <ShareDialog target={sharing.value} onClose={() => (sharing.value = null)} />
      )}
    </header>
  );
}

function ModeChoice({ store }: { store: TimelineStore }) {
  const choices: { mode: Mode; icon: IconName; label: string }[] = [
    { mode: 'one', icon: 'snap', label: translate('timeline.one') },
    { mode: 'compare', icon: 'compare', label: translate('timeline.compare') },
    { mode: 'lapse', icon: 'film', label: translate('timeline.lapse') },
  ];
  return (
    <div class="g-seg" role="group" aria-label={translate('timeline.mode')}>
      {choices.map(({ mode, icon, label }) => (
        <button key={mode} aria-pressed={store.mode.value === mode} onClick={() => store.show(mode)}>
          <Icon name={icon} small />
          {label}
        </button>
      ))}
    </div>
  );
}

/** A pair while two are compared, else the live view: the two that a link can open. */
function targetOf(store: TimelineStore): ShareTarget {
  const { ids } = store.index.value;
  const leftId = ids[store.thenAt.value];
  const rightId = ids[store.at.value];
  if (store.mode.value === 'compare' && leftId !== undefined && rightId !== undefined)
    return { kind: 'pair', leftId, rightId };
  return { kind: 'live', cameraId: store.cameraId };
}

/** How a report names the picture: project, camera, time, size, hash, and where it is. */
function citation(store: TimelineStore, camera: Camera, project: Project | null): string {
  const picture = store.picture.value;
  if (picture === null) return '';
  const atMs = Date.parse(picture.takenAt);
  return [
    [project?.name, camera.name, camera.position].filter(Boolean).join(' · '),
    `${dateText(atMs)} ${clockText(atMs)}`,
    `${picture.width}×${picture.height} SHA-256 ${picture.sha256}`,
    location.href,
  ].join('\n');
}
