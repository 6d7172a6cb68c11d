import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { cameras, projects } from '../fleet/fleet-store.ts';
import { fleetTree } from '../fleet/fleet-tree.ts';
import { lampShape } from '../fleet/light-shape.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Lamp } from '../icons/lamp.tsx';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { Project } from '../../gateway/contract/project.ts';

interface PickerProps {
  camera: Camera;
  project: Project | null;
  open: boolean;
  onOpen: (open: boolean) => void;
}

/** Which camera's record is shown, and a search for another. */
export function CameraPicker({ camera, project, open, onOpen }: PickerProps) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const away = (event: PointerEvent): void => {
      if (!root.current?.contains(event.target as Node)) onOpen(false);
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open, onOpen]);
  return (
    <div class="timeline-where" ref={root}>
      <button class="where" aria-haspopup="dialog" aria-expanded={open} onClick={() => onOpen(!open)}>
        <h1 class="ellip">{project?.name ?? camera.name}</h1>
        <span class="ellip">{project === null ? camera.position : camera.name}</span>
        <Icon name="down" small />
      </button>
      {open ? <Choices camera={camera} onDone={() => onOpen(false)} /> : null}
    </div>
  );
}

const MOST_SHOWN = 200;

function Choices({ camera, onDone }: { camera: Camera; onDone: () => void }) {
  const query = useSignal('');
  const input = useRef<HTMLInputElement>(null);
  const [, navigate] = useLocation();
  useEffect(() => input.current?.focus(), []);
  const found = fleetTree(projects.value, cameras.value, { query: query.value, troubledOnly: false })
    .flatMap((district) => district.projects)
    .flatMap((branch) => branch.cameras.map((choice) => ({ choice, projectName: branch.project.name })))
    .slice(0, MOST_SHOWN);
  const go = (id: string): void => {
    onDone();
    if (id !== camera.id) navigate(`/timeline/${id}`);
  };
  return (
    <div class="g-menu timeline-choices" role="dialog" aria-label={translate('timeline.chooseCamera')}>
      <label class="g-search">
        <Icon name="search" small />
        <span class="sr">{translate('timeline.search')}</span>
        <input
          ref={input}
          class="g-input"
          type="search"
          placeholder={translate('timeline.search')}
          value={query.value}
          onInput={(event) => (query.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            const first = found[0];
            if (event.key === 'Enter' && first) go(first.choice.id);
            if (event.key === 'Escape') onDone();
          }}
        />
      </label>
      <ul>
        {found.map(({ choice, projectName }) => (
          <li key={choice.id}>
            <button aria-current={choice.id === camera.id} onClick={() => go(choice.id)}>
              <Lamp shape={lampShape(choice.light)} label={translate(`light.${choice.light}`)} />
              <span class="ellip">{choice.name}</span>
              <span class="ellip dim">{[projectName, choice.position].filter(Boolean).join(' · ')}</span>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 ? <p class="timeline-small">{translate('timeline.noneFound')}</p> : null}
    </div>
  );
}
