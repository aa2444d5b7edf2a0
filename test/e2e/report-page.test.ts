/** The interactive report in a real browser, as a reader opens it: from a file, with no network. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { formatCount } from '../../bench/report/format.ts';
import { charts } from '../../bench/report/charts/all.ts';
import { markdownReport } from '../../bench/report/markdown.ts';
import type { RunResult } from '../../bench/result.ts';
import { readRun } from '../../bench/results-folder.ts';
import { summarize, type MeasuredSummary } from '../../bench/summary.ts';
import { hostile, reportRun } from '../unit/bench/report-run.ts';
import { SockbenchCommand } from './sockbench-command.ts';

const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = places.find((path) => path !== undefined && existsSync(path));
const quiet = ['no-sandbox', 'disable-gpu', 'disable-quic', 'no-first-run', 'disable-background-networking'];
const quieter = ['disable-component-update', 'disable-sync'];

const scratch = mkdtempSync(join(tmpdir(), 'sockbench-test-'));
const page = join(scratch, 'report.html');
afterAll(() => rmSync(scratch, { recursive: true }));

beforeAll(async () => {
  const file = join(scratch, 'run.json');
  writeFileSync(file, JSON.stringify(reportRun));
  const { code, stderr } = await SockbenchCommand.run('report', file, '--html', page);
  expect(code, stderr).toBe(0);
});

/** Runs in the page, whose types are not those of Node: texts of pictures that lie outside of their picture. */
const textsOutside = `Array.from(document.querySelectorAll('.place svg text'))
  .filter((text) => {
    const [inner, outer] = [text.getBoundingClientRect(), text.closest('svg').getBoundingClientRect()];
    return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
  })
  .map((text) => text.closest('section').id + ': ' + text.textContent)`;

test('report --out writes everything that a run writes, and takes away pictures that the run has no data for', async () => {
  const folder = mkdtempSync(join(scratch, 'results-'));
  const everything = async (run: RunResult): Promise<string[]> => {
    const file = join(scratch, 'another.json');
    writeFileSync(file, JSON.stringify(run));
    const { code, stderr } = await SockbenchCommand.run('report', file, '--out', folder);
    expect(code, stderr).toBe(0);
    expect(readRun(join(folder, 'latest.json'))).toEqual(run);
    expect(readFileSync(join(folder, 'latest.md'), 'utf8')).toBe(markdownReport(run));
    return readdirSync(folder).toSorted();
  };
  const pictures = ['cpu', 'percentiles', 'throughput', 'timeline'].flatMap((id) => [`${id}-dark.svg`, `${id}-light.svg`]);
  const files = [...pictures, 'latest.json', 'latest.md', 'report.html', 'runs'];
  expect(await everything(reportRun)).toEqual(files.toSorted());
  const withoutTimelines = files.filter((file) => !file.startsWith('timeline'));
  expect(await everything({ ...reportRun, timelines: [] })).toEqual(withoutTimelines.toSorted());
});

test('the report is one file of less than three megabytes', () => {
  expect(statSync(page).size).toBeLessThan(3e6);
});

describe.skipIf(executablePath === undefined)(
  `the report, opened${executablePath ? '' : ' (no Chromium here: set CHROMIUM)'}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: executablePath!, args: [...quiet, ...quieter].map((flag) => `--${flag}`) });
    });
    afterAll(() => browser?.close());

    /** The page, and whatever it did that it should not. */
    async function open(width = 1400, colorScheme: 'light' | 'dark' = 'light'): Promise<{ page: Page; misdeeds: string[] }> {
      const opened = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      onTestFinished(() => opened.close());
      const misdeeds: string[] = [];
      const address = pathToFileURL(page).href;
      opened.on('console', (message) => misdeeds.push(`console: ${message.text()}`));
      opened.on('pageerror', (error) => misdeeds.push(`error: ${error.message}`));
      opened.on('dialog', (dialog) => {
        misdeeds.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      opened.on('request', (request) => {
        if (request.url() !== address && !request.url().startsWith('data:')) misdeeds.push(`request: ${request.url()}`);
      });
      await opened.goto(address);
      await opened.locator('#throughput svg').waitFor();
      return { page: opened, misdeeds };
    }

    const textsOf = async (rows: Locator): Promise<string[][]> =>
      Promise.all((await rows.all()).map((row) => row.locator('th, td').allTextContents()));

    const numbersOf = async (section: Locator): Promise<string[][]> => {
      await section.getByText('Numbers').click();
      const rows = section.locator('.numbers tbody tr');
      await rows.first().waitFor(); // they are made in a task of their own
      return textsOf(rows);
    };

    test('draws every picture, asks nobody for anything, and has nothing to complain about', async () => {
      const { page: own, misdeeds } = await open();
      for (const { id } of charts) await own.locator(`#${id} svg`).waitFor();
      expect(misdeeds).toEqual([]);
    });

    test('shows the numbers of the run', async () => {
      const { page: own } = await open();
      const rows = await numbersOf(own.locator('#throughput'));
      const expected = reportRun.cells
        .filter(({ workload, knobs }) => workload === 'echo' && knobs.connections === 64)
        .map((cell) => ({ model: cell.model, summary: summarize(cell) }))
        .filter(({ summary }) => summary.state === 'measured')
        .map(({ model, summary }) => [model, (summary as MeasuredSummary).messagesPerSecond] as const)
        .toSorted((a, b) => b[1] - a[1]);
      expect(rows.map(([model, rate]) => [model, rate])).toEqual(expected.map(([model, rate]) => [model, formatCount(rate)]));
    });

    test('shows every trial of the run as it was measured', async () => {
      const { page: own } = await open();
      await own.locator('#throughput').getByText('Every trial').click();
      const cells = reportRun.cells.filter(({ workload, knobs }) => workload === 'echo' && knobs.connections === 64);
      const expected = cells.flatMap(({ model, trials }) =>
        trials.map((trial, index) => [
          model,
          String(index + 1),
          trial.state === 'measured' ? formatCount(trial.result.messagesPerSecond) : `${trial.state}: ${trial.reason}`,
        ]),
      );
      const rows = await textsOf(own.locator('#trials ~ div details[open] tbody tr'));
      expect(rows.map((row) => row.slice(0, 3))).toEqual(expected);
    });

    test('shows another workload, and leaves out models and families that are not wanted', async () => {
      const { page: own, misdeeds } = await open();
      const throughput = own.locator('#throughput');
      await own.getByLabel('Workload').selectOption('echo ×1001');
      expect((await numbersOf(throughput)).map(([model]) => model)).toEqual(['swift', 'broad']);
      await own.getByLabel('broad', { exact: true }).uncheck();
      expect(await textsOf(throughput.locator('.numbers tbody tr'))).toHaveLength(1);
      await own.getByLabel('loop', { exact: true }).uncheck();
      await throughput.locator('.absent').waitFor();
      expect(await own.getByRole('status').textContent()).toBe(`2 of 5 shown, echo ×1001.`);
      await own.getByLabel('loop', { exact: true }).check();
      await throughput.locator('svg').waitFor();
      expect(misdeeds).toEqual([]);
    });

    test('shows what became of clients when a process was killed, of the models that are wanted', async () => {
      const { page: own, misdeeds } = await open();
      const rows = own.locator('#losses tbody tr');
      expect(await textsOf(rows)).toEqual([
        ['swift', '8', '0', '8', '0', '1 → 0', ''],
        ['broad', '8', '5', '3', '3', '3 → 3', ''],
        ['absent', ...Array<string>(5).fill('–'), `failed: it said: ${hostile}`],
      ]);
      await own.getByLabel('swift', { exact: true }).uncheck();
      expect((await textsOf(rows)).map(([model]) => model)).toEqual(['broad', 'absent']);
      expect(misdeeds).toEqual([]);
    });

    test('says under a pointer what it points at', async () => {
      const { page: own } = await open();
      const name = own.locator('#throughput svg text', { hasText: /^swift$/ });
      await name.scrollIntoViewIfNeeded();
      const { x, y, width, height } = (await name.boundingBox())!;
      await own.mouse.move(x + width + 30, y + height / 2, { steps: 5 });
      const hint = own.locator('#throughput .hint');
      await hint.waitFor();
      const rate = formatCount(1000 * 64 ** 0.6);
      expect((await hint.textContent())?.startsWith(`swiftmessages/s${rate}interval`)).toBe(true);
    });

    test('takes hostile names and reasons for what they are', async () => {
      const { page: own, misdeeds } = await open();
      expect(await own.locator('img').count()).toBe(0);
      await own.getByLabel(hostile).waitFor();
      expect(await own.locator('#trials ~ div details[open] tbody').textContent()).toContain(`failed: it said: ${hostile}`);
      expect(misdeeds).toEqual([]);
    });

    test('can be used from the keyboard', async () => {
      const { page: own } = await open();
      await own.getByLabel('Workload').focus();
      const seen = new Set<string>();
      for (let step = 0; step < 40; step += 1) {
        seen.add(await own.evaluate<string>('`${document.activeElement.tagName} ${document.activeElement.name ?? ""}`'));
        await own.keyboard.press('Tab');
      }
      for (const control of ['SELECT workload', 'INPUT theme', 'INPUT model', 'SUMMARY ', 'A ']) expect(seen).toContain(control);
    });

    test('is dark where the system is, or where the reader wants it', async () => {
      const background = (own: Page): Promise<string> => own.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      const { page: dark } = await open(1400, 'dark');
      expect(await background(dark)).toBe('rgb(13, 17, 23)');
      await dark.getByLabel('light').check();
      expect(await background(dark)).toBe('rgb(255, 255, 255)');
      await dark.getByLabel('as the system').check();
      expect(await background(dark)).toBe('rgb(13, 17, 23)');
    });

    test.each([400, 1400])('lets nothing hang over the edge at %d pixels', async (width) => {
      const { page: own } = await open(width);
      await own.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
      await own.locator('pre').waitFor();
      expect(await own.evaluate('document.documentElement.scrollWidth')).toBe(width);
      const outside = await own.evaluate<string[]>(textsOutside);
      expect(outside).toEqual([]);
    });
  },
);
