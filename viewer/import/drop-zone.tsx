import { useSignal } from '@preact/signals';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';

/** Takes one file, dropped or chosen. */
export function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const over = useSignal(false);
  const take = (files: FileList | null | undefined): void => {
    const file = files?.[0];
    if (file !== undefined) onFile(file);
  };
  return (
    <div
      class="import-drop"
      data-over={over.value}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        take(event.dataTransfer?.files);
      }}
    >
      <Icon name="upload" large />
      <b>{translate('import.drop')}</b>
      <label class="g-btn pri">
        {translate('import.choose')}
        <input
          type="file"
          class="sr"
          aria-label={translate('import.file')}
          accept=".xlsx,.csv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          onChange={(event) => take(event.currentTarget.files)}
        />
      </label>
      <p class="dim">{translate('import.limits')}</p>
    </div>
  );
}
