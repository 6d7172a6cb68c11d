import type { Signal } from '@preact/signals';
import type { CredentialSet } from '../../gateway/contract/credential-set.ts';
import { translate } from '../i18n/translate.ts';

/** At most so many sets are tried in one go: more would lock devices. */
const MOST_SETS = 2;

interface SetChoiceProps {
  sets: readonly CredentialSet[];
  /** Ids in the order in which they are tried. */
  chosen: Signal<readonly string[]>;
}

/** Picks named sign-ins to try, in the order of picking. */
export function SetChoice({ sets, chosen }: SetChoiceProps) {
  if (sets.length === 0) return null;
  const toggle = (id: string): void => {
    const rest = chosen.value.filter((known) => known !== id);
    chosen.value = rest.length < chosen.value.length ? rest : [...rest, id].slice(-MOST_SETS);
  };
  return (
    <fieldset class="register-sets">
      <legend>{translate('register.sets')}</legend>
      {sets.map((set) => {
        const turn = chosen.value.indexOf(set.id);
        return (
          <label key={set.id} class="g-check" data-chosen={turn >= 0}>
            <input type="checkbox" checked={turn >= 0} onChange={() => toggle(set.id)} />
            <span>
              {set.name} <span class="dim">{set.username}</span>
            </span>
            {turn >= 0 && chosen.value.length > 1 ? (
              <span class="dim">{translate('register.turn', { turn: turn + 1 })}</span>
            ) : null}
          </label>
        );
      })}
    </fieldset>
  );
}
