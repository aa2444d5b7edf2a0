import * as echarts from 'echarts/core';
import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, TitleComponent, TooltipComponent } from 'echarts/components';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import type { Chart, Hint, View } from '../charts/chart.ts';
import { element } from './elements.ts';
import { tableOf, unfolding } from './tables.ts';

echarts.use([BarChart, CustomChart, LineChart, GridComponent, TitleComponent, TooltipComponent, LabelLayout, SVGRenderer]);

/** A picture with its heading, what it means, and its numbers. */
export class ChartSection {
  readonly element: HTMLElement;
  readonly #chart: Chart;
  readonly #place = element('div', { class: 'place' });
  readonly #numbers = element('div', { class: 'numbers' });
  #drawn: echarts.ECharts | undefined;

  constructor(chart: Chart) {
    this.#chart = chart;
    this.element = element(
      'section',
      { id: chart.id, class: 'chart', 'aria-labelledby': `${chart.id}-title` },
      element('h2', { id: `${chart.id}-title` }, chart.title),
      element('p', { class: 'about' }, chart.about),
      this.#place,
      this.#numbers,
    );
  }

  get widthPx(): number {
    return this.#place.clientWidth;
  }

  /** @param trials where the trials behind it are, as a fragment of this page's address */
  draw(view: View, trials: string): void {
    const drawing = this.#chart.draw(view);
    if (drawing.state === 'absent') {
      this.#clear();
      const how = drawing.command === undefined ? [] : [' To get it: ', element('code', {}, drawing.command)];
      this.#place.replaceChildren(element('p', { class: 'absent' }, drawing.reason, ...how));
      this.#numbers.replaceChildren();
      return;
    }
    const { table, option, heightPx } = drawing;
    this.#drawn ??= this.#open();
    this.#place.style.height = `${heightPx}px`;
    this.#place.setAttribute('aria-label', `${table.caption}. The numbers stand in the table below.`);
    this.#drawn.resize();
    this.#drawn.setOption({ ...option, tooltip: tooltip(view) } as echarts.EChartsCoreOption, { notMerge: true });
    const wasOpen = this.#numbers.querySelector('details')?.open ?? false;
    this.#numbers.replaceChildren(
      unfolding('Numbers', () => [tableOf(table)], { open: wasOpen }),
      element('a', { href: `#${trials}` }, 'Every trial'),
    );
  }

  #open(): echarts.ECharts {
    this.#place.replaceChildren();
    this.#place.setAttribute('role', 'img');
    return echarts.init(this.#place, null, { renderer: 'svg' });
  }

  #clear(): void {
    this.#drawn?.dispose();
    this.#drawn = undefined;
    this.#place.removeAttribute('role');
    this.#place.removeAttribute('aria-label');
    this.#place.style.height = '';
  }
}

/** Made of elements, not of HTML: names in it are as hostile as anybody likes. */
const tooltip = ({ theme }: View): object => ({
  trigger: 'item',
  confine: true,
  backgroundColor: theme.background,
  borderColor: theme.rule,
  textStyle: { color: theme.ink, fontSize: 12 },
  formatter: ({ data }: { data?: { hint?: Hint } }) => {
    if (data?.hint === undefined) return '';
    const lines = data.hint.lines.map(([name, value]) => element('tr', {}, element('th', {}, name), element('td', {}, value)));
    return element('div', { class: 'hint' }, element('strong', {}, data.hint.title), element('table', {}, ...lines));
  },
});
