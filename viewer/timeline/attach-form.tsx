import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { events } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { annotate } from './annotate.ts';
import type { Project } from '../../gateway/contract/project.ts';
import type { Snapshot } from '../../gateway/contract/snapshot.ts';
import type { TimelineStore } from './timeline-store.ts';

const LONGEST_NOTE = 2000;

/** Attaches the picture to a step of the project with a note, and picks it for the brief. */
export function AttachForm({ store, project }: { store: TimelineStore; project: Project | null }) {
  const picture = store.picture.value;
  const step = useSignal('');
  const note = useSignal('');
  const busy = useSignal(false);
  useEffect(() => {
    step.value = picture?.milestoneId ?? '';
    note.value = picture?.note ?? '';
  }, [picture?.id, picture?.milestoneId, picture?.note, step, note]);
  const unable = picture === null || busy.value || events.link.value.state === 'lost';
  const same = (picture?.milestoneId ?? '') === step.value && (picture?.note ?? '') === note.value.trim();
  const save = async (shown: Snapshot): Promise<void> => {
    busy.value = true;
    const patch = { milestoneId: step.value === '' ? null : step.value, note: note.value.trim() || null };
    await annotate(store, shown, patch, translate('timeline.saved'));
    busy.value = false;
  };
  return (
    <section class="timeline-block">
      <h3>
        {translate('timeline.attachTitle')}
        <span class="r">{translate('timeline.evidence')}</span>
      </h3>
      <form
        class="timeline-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (picture !== null) void save(picture);
        }}
      >
        <StepChoice project={project} value={step.value} onPick={(id) => (step.value = id)} />
        <div class="g-field">
          <label class="sr" for="timeline-note">
            {translate('timeline.note')}
          </label>
          <textarea
            id="timeline-note"
            class="g-input"
            maxLength={LONGEST_NOTE}
            placeholder={translate('timeline.noteHint')}
            value={note.value}
            onInput={(event) => (note.value = event.currentTarget.value)}
          />
        </div>
        <div class="acts">
          <button class="g-btn" type="submit" disabled={unable || same} aria-busy={busy.value}>
            <Icon name="clip" small />
            {translate('timeline.attach')}
          </button>
          <PickButton store={store} picture={picture} disabled={unable} />
        </div>
      </form>
    </section>
  );
}

function StepChoice(props: { project: Project | null; value: string; onPick: (id: string) => void }) {
  const steps = props.project?.milestones ?? [];
  return (
    <div class="g-field">
      <label class="sr" for="timeline-step">
        {translate('timeline.step')}
      </label>
      <select
        id="timeline-step"
        class="g-input"
        value={props.value}
        disabled={steps.length === 0}
        onChange={(event) => props.onPick(event.currentTarget.value)}
      >
        <option value="">
          {steps.length === 0 ? translate('timeline.noSteps') : translate('timeline.noStep')}
        </option>
        {steps.map(({ id, name, dueOn }) => (
          <option key={id} value={id}>
            {dueOn === null ? name : translate('timeline.stepDue', { name, due: dueOn.slice(5) })}
          </option>
        ))}
      </select>
    </div>
  );
}

function PickButton(props: { store: TimelineStore; picture: Snapshot | null; disabled: boolean }) {
  const { store, picture, disabled } = props;
  const picked = picture?.picked === true;
  return (
    <button
      class="g-btn quiet"
      type="button"
      aria-pressed={picked}
      disabled={disabled}
      onClick={() =>
        picture &&
        void annotate(
          store,
          picture,
          { picked: !picked },
          picked ? translate('timeline.unpicked') : translate('timeline.pickedNow'),
        )
      }
    >
      <Icon name={picked ? 'check' : 'flag'} small />
      {picked ? translate('timeline.isPicked') : translate('timeline.pick')}
    </button>
  );
}
