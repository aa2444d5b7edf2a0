import * as echarts from 'echarts';
import type { RunResult } from '../result.ts';
import { busiestWorkload, type Chart, type View } from './charts/chart.ts';
import { cpuPerMessage } from './charts/costs.ts';
import { Palette, themes, type Theme } from './charts/palette.ts';
import { percentiles } from './charts/percentiles.ts';
import { throughput } from './charts/throughput.ts';
import { timeline } from './charts/timeline.ts';

const WIDTH_PX = 860;

/** Those that a README can show. */
const shown: readonly Chart[] = [throughput, cpuPerMessage, percentiles, timeline];

/** "throughput-light.svg" and its text: each picture for a light and a dark page; undefined where the run has no data for it. */
export function pictures(run: RunResult): Map<string, string | undefined> {
  const workload = busiestWorkload(run) ?? '';
  const drawn = new Map<string, string | undefined>();
  for (const theme of Object.values(themes)) {
    const view: View = {
      run,
      workload,
      shows: () => true,
      theme,
      palette: new Palette([...run.cells, ...run.timelines], theme),
      widthPx: WIDTH_PX,
    };
    for (const chart of shown) drawn.set(fileOf(chart, theme), svgOf(chart, view));
  }
  return drawn;
}

const fileOf = ({ id }: Chart, { name }: Theme): string => `${id}-${name}.svg`;

/** @returns undefined when the run has no data for it */
export function svgOf(chart: Chart, view: View): string | undefined {
  const drawing = chart.draw(view);
  if (drawing.state === 'absent') return undefined;
  const canvas = echarts.init(null, null, { renderer: 'svg', ssr: true, width: view.widthPx, height: drawing.heightPx });
  canvas.setOption(drawing.option);
  const svg = canvas.renderToSVGString();
  canvas.dispose();
  return svg;
}
