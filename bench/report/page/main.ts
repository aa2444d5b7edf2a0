// The script of the report: what the reader chooses, drawn. It is bundled with echarts into one file, which the page contains.
import { charts } from '../charts/all.ts';
import type { View } from '../charts/chart.ts';
import { Palette, themes } from '../charts/palette.ts';
import { ChartSection } from './chart-section.ts';
import type { PageData } from '../page-data.ts';
import { readData } from './data.ts';
import { byId, element } from './elements.ts';
import { Filters } from './filters.ts';
import { textTable } from './tables.ts';
import { anchorOf, resultsFile, trialTables } from './trials.ts';

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

class Report {
  readonly #data: PageData;
  readonly #filters: Filters;
  readonly #sections = charts.map((chart) => new ChartSection(chart));
  readonly #words = element('p', { class: 'words' });
  readonly #losses = element('section', { id: 'losses' });
  readonly #trials = element('div', {});

  constructor(data: PageData) {
    this.#data = data;
    this.#filters = new Filters(data.run, () => this.draw());
  }

  fill(main: HTMLElement): void {
    const { circumstances, warnings, run } = this.#data;
    const notes = warnings.map(({ code, text }) => element('li', {}, element('strong', {}, code), `: ${text}`));
    main.replaceChildren(
      element('div', { class: 'circumstances' }, ...circumstances.map((line) => element('p', {}, line))),
      this.#filters.form,
      this.#words,
      element('div', { class: 'charts' }, ...this.#sections.map((section) => section.element)),
      this.#losses,
      element('h2', { id: 'trials' }, 'Every trial'),
      this.#trials,
      element('h2', { id: 'notes' }, 'Warnings'),
      notes.length === 0 ? element('p', { class: 'about' }, 'None.') : element('ul', { class: 'warnings' }, ...notes),
      element('h2', { id: 'file' }, 'The results file'),
      element('p', { class: 'about' }, 'Everything above comes from it; `sockbench report FILE` shows it again.'),
      resultsFile(run),
    );
    systemIsDark.addEventListener('change', () => this.draw());
    // A picture knows its width; its own height must not start another drawing.
    let drawnPx = main.clientWidth;
    new ResizeObserver(() => {
      if (main.clientWidth === drawnPx) return;
      drawnPx = main.clientWidth;
      this.draw();
    }).observe(main);
  }

  draw(): void {
    const { run, inWords, losses } = this.#data;
    const { workload, models, theme: chosen } = this.#filters.choice;
    const theme = themes[chosen === 'auto' ? (systemIsDark.matches ? 'dark' : 'light') : chosen];
    document.documentElement.dataset['theme'] = theme.name;
    const palette = new Palette([...run.cells, ...run.timelines], theme);
    this.#filters.paint((model) => palette.of(model));
    this.#words.textContent = inWords[workload] ?? '';
    const shows = (model: string): boolean => models.has(model);
    for (const section of this.#sections) {
      const view: View = { run, workload, shows, theme, palette, widthPx: section.widthPx };
      section.draw(view, anchorOf(run, workload));
    }
    if (losses) this.#losses.replaceChildren(element('h2', {}, 'Losing a process'), ...textTable(losses, shows));
    this.#trials.replaceChildren(...trialTables(run, shows, workload));
  }
}

const report = new Report(await readData(byId('data').textContent));
report.fill(byId('report'));
report.draw();
