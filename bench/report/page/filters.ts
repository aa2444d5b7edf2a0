import { titleOf } from '../../plan.ts';
import { busiestWorkload } from '../charts/chart.ts';
import type { RunResult } from '../../result.ts';
import { element } from './elements.ts';

export interface Choice {
  workload: string;
  models: ReadonlySet<string>;
  theme: 'auto' | 'light' | 'dark';
}

/** The form by which the reader chooses; `onChange` is told of every change. `colours` are painted into the models' boxes. */
export class Filters {
  readonly form: HTMLFormElement;
  readonly #workload: HTMLSelectElement;
  readonly #models = new Map<string, HTMLInputElement>();
  readonly #themes = new Map<Choice['theme'], HTMLInputElement>();
  readonly #status = element('p', { role: 'status', class: 'status' });

  constructor(run: RunResult, onChange: () => void) {
    const titles = [...new Set(run.cells.map(titleOf))];
    const options = titles.map((title) => element('option', { value: title }, title));
    this.#workload = element('select', { id: 'workload', name: 'workload' }, ...options);
    this.#workload.value = busiestWorkload(run) ?? '';
    this.form = element(
      'form',
      { class: 'filters', 'aria-label': 'What to show' },
      element('p', { class: 'field' }, element('label', { for: 'workload' }, 'Workload'), this.#workload),
      this.#themeField(),
      this.#modelField(run),
      this.#status,
    );
    this.form.addEventListener('submit', (event) => event.preventDefault());
    this.form.addEventListener('change', onChange);
  }

  get choice(): Choice {
    const models = [...this.#models].filter(([, { checked }]) => checked).map(([model]) => model);
    const theme = [...this.#themes].find(([, { checked }]) => checked)?.[0] ?? 'auto';
    return { workload: this.#workload.value, models: new Set(models), theme };
  }

  paint(colourOf: (model: string) => string): void {
    for (const [model, box] of this.#models) box.style.accentColor = colourOf(model);
    const shown = this.choice.models.size;
    this.#status.textContent = `${shown} of ${this.#models.size} shown, ${this.choice.workload}.`;
  }

  #themeField(): HTMLElement {
    const names = { auto: 'as the system', light: 'light', dark: 'dark' } as const;
    const labels = Object.entries(names).map(([name, text]) => {
      const radio = element('input', { type: 'radio', name: 'theme', value: name, checked: name === 'auto' });
      this.#themes.set(name as Choice['theme'], radio);
      return element('label', {}, radio, ` ${text}`);
    });
    return element('fieldset', { class: 'theme' }, element('legend', {}, 'Colours'), ...labels);
  }

  #modelField(run: RunResult): HTMLElement {
    const groups = new Map<string, Set<string>>();
    for (const { model, kind, family } of [...run.cells, ...run.timelines]) {
      const group = family ?? (kind === 'reference' ? 'references' : 'your servers');
      groups.set(group, (groups.get(group) ?? new Set()).add(model));
    }
    return element(
      'fieldset',
      { class: 'models' },
      element('legend', {}, 'Models'),
      ...[...groups].map(([group, models]) => this.#group(group, [...models])),
    );
  }

  #group(group: string, models: readonly string[]): HTMLElement {
    const whole = element('input', { type: 'checkbox', checked: true });
    const boxes = models.map((model) => {
      const box = element('input', { type: 'checkbox', name: 'model', value: model, checked: true });
      this.#models.set(model, box);
      return box;
    });
    whole.addEventListener('change', () => {
      for (const box of boxes) box.checked = whole.checked;
    });
    for (const box of boxes) {
      box.addEventListener('change', () => {
        whole.checked = boxes.every(({ checked }) => checked);
        whole.indeterminate = !whole.checked && boxes.some(({ checked }) => checked);
      });
    }
    const items = boxes.map((box) => element('li', {}, element('label', {}, box, ` ${box.value}`)));
    return element(
      'div',
      { class: 'group' },
      element('label', { class: 'family' }, whole, ` ${group}`),
      element('ul', {}, ...items),
    );
  }
}
