import type { DataTable } from '../charts/chart.ts';
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
