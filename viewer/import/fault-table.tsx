import { translate } from '../i18n/translate.ts';
import type { CellFault } from './roster-import.ts';

/** More than anyone mends in one go. */
const MOST_SHOWN = 200;

/** Wrong cells of a spreadsheet: row and column as the program that wrote it names them, and what is wrong. */
export function FaultTable({ faults }: { faults: readonly CellFault[] }) {
  return (
    <div class="g-panel import-faults" tabIndex={0} role="region" aria-label={translate('import.fault')}>
      <table class="g-table">
        <thead>
          <tr>
            <th>{translate('import.cell')}</th>
            <th>{translate('import.column')}</th>
            <th>{translate('import.name')}</th>
            <th>{translate('import.fault')}</th>
          </tr>
        </thead>
        <tbody>
          {faults.slice(0, MOST_SHOWN).map(({ row, name, column, cell, code, message }) => (
            <tr key={`${row} ${column} ${message}`}>
              <td class="num">{cell ?? row}</td>
              <td>{column}</td>
              <td>{name || '—'}</td>
              <td title={message}>{translate(`import.error.${code}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {faults.length > MOST_SHOWN ? (
        <p class="dim">{translate('import.more', { count: faults.length - MOST_SHOWN })}</p>
      ) : null}
    </div>
  );
}
