import type { DataTable } from '../charts/chart.ts';
import type { TextTable } from '../text-table.ts';
import { element } from './elements.ts';

/** A table that scrolls by itself where it is wider than the page. */
export function tableOf({ caption, heads, rows }: DataTable): HTMLElement {
  const head = element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)));
  const body = rows.map(([name = '', ...cells]) =>
    element('tr', {}, element('th', { scope: 'row' }, name), ...cells.map((text) => element('td', {}, text))),
  );
  const table = element('table', {}, element('caption', {}, caption), element('thead', {}, head), element('tbody', {}, ...body));
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption }, table);
}

/** The rows of those that are shown, by the names in the first column, and what the heads mean. */
export function textTable({ title, heads, rows, notes }: TextTable, shows: (name: string) => boolean): HTMLElement[] {
  const shown = rows.filter(([name = '']) => shows(name));
  return [tableOf({ caption: title, heads, rows: shown }), ...notes.map((note) => element('p', { class: 'about' }, note))];
}

/** A part of the page that is made when somebody opens it. */
export function unfolding(
  title: string,
  make: () => Node[],
  attributes: Record<string, string | boolean> = {},
): HTMLDetailsElement {
  const details = element('details', attributes, element('summary', {}, title));
  const fill = (): void => {
    if (details.open && details.childElementCount === 1) details.append(...make());
  };
  details.addEventListener('toggle', fill);
  fill();
  return details;
}
