import { projects } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import type { Signal } from '@preact/signals';
import type { Target } from './batch.ts';

const NEW = '+';

/** Chooses the project of the cameras, or gives the fields of a new one. */
export function ProjectChoice({ target }: { target: Signal<Target> }) {
  const now = target.value;
  const choose = (value: string) => {
    if (value === NEW) target.value = { kind: 'new', name: '', district: '', unit: '' };
    else target.value = value === '' ? { kind: 'none' } : { kind: 'known', id: value };
  };
  return (
    <>
      <div class="g-field">
        <label for="project">{translate('register.project')}</label>
        <select
          id="project"
          class="g-input"
          value={now.kind === 'known' ? now.id : now.kind === 'new' ? NEW : ''}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <option value="">{translate('register.chooseProject')}</option>
          {projects.value
            .filter(({ archivedAt }) => archivedAt === null)
            .map((project) => (
              <option key={project.id} value={project.id}>
                {[project.name, project.district, project.unit].filter(Boolean).join(', ')}
              </option>
            ))}
          <option value={NEW}>{translate('register.newProject')}</option>
        </select>
      </div>
      {now.kind === 'new'
        ? (['name', 'district', 'unit'] as const).map((field) => (
            <div key={field} class="g-field">
              <label for={`project-${field}`}>
                {field === 'name' ? translate('register.projectName') : translate(`register.${field}`)}
              </label>
              <input
                id={`project-${field}`}
                class="g-input"
                required={field === 'name'}
                value={now[field]}
                onInput={(event) => (target.value = { ...now, [field]: event.currentTarget.value })}
              />
            </div>
          ))
        : null}
    </>
  );
}

/** Whether a project is chosen or a new one has its name. */
export function hasTarget(target: Target): boolean {
  return target.kind === 'known' || (target.kind === 'new' && target.name.trim() !== '');
}
