import { translate } from '../i18n/translate.ts';
import { DeviceTable } from './device-table.tsx';
import { DraftNote } from './draft-note.tsx';
import { SearchBar } from './search-bar.tsx';
import { SearchState } from './search-state.tsx';
import { StepFrame } from './step-frame.tsx';
import type { Registration } from './registration.ts';

interface DiscoverStepProps {
  registration: Registration;
  /** Begins anew, the draft forgotten. */
  onAnew: () => void;
}

/** Step 1: the search that began by itself, other ways to search, and the devices found. */
export function DiscoverStep({ registration, onAnew }: DiscoverStepProps) {
  const { search } = registration;
  const picked = search.picked.value.length;
  return (
    <StepFrame
      title={translate('register.step1')}
      lead={translate('register.discoverLead')}
      side={<SearchBar search={search} />}
      note={translate('register.picked', { count: picked })}
      actions={
        <button class="g-btn pri" disabled={picked === 0} onClick={() => registration.go(2)}>
          {translate('register.next', { step: translate('register.step2') })}
        </button>
      }
    >
      <DraftNote registration={registration} onAnew={onAnew} />
      <SearchState search={search} />
      <DeviceTable search={search} />
    </StepFrame>
  );
}
