import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { RunResult } from '../result.ts';
import { circumstances } from './circumstances.ts';
import { lossesTable } from './losses-table.ts';
import type { PageData } from './page-data.ts';
import { style } from './page-style.ts';
import { extent, reportOf } from './rows.ts';

/** The page's script with echarts in it, as scripts/prepare.mjs bundles it. */
const bundle = (): string => readFileSync(new URL('./page/main.js', import.meta.url), 'utf8');

/**
 * The whole report as one page that needs nothing else and asks nobody: its policy lets no other script run and nothing
 * be loaded. The run is in it compressed, so that no text of it can be taken for markup.
 * @param script what draws it
 */
export function htmlReport(run: RunResult, script = bundle()): string {
  const code = script.replaceAll(/<(?=\/?script)/gi, String.raw`\x3C`);
  const hash = createHash('sha256').update(code).digest('base64');
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>sockbench: server concurrency models compared</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#report">To the results</a>
<header><h1>Server concurrency models compared</h1></header>
<main id="report" tabindex="-1"><noscript><p>The pictures of this page are drawn by its script; latest.md beside it has the same numbers.</p></noscript></main>
<script type="application/gzip+base64" id="data">${gzipSync(JSON.stringify(dataOf(run)), { level: 9 }).toString('base64')}</script>
<script type="module">${code}</script>
</body>
</html>
`;
}

function dataOf(run: RunResult): PageData {
  const { sections, notes } = reportOf(run);
  return {
    run,
    circumstances: [`${run.startedAt}, seed ${run.seed}, framing ${run.framing}.`, ...extent(run), ...circumstances(run)],
    inWords: Object.fromEntries(sections.map(({ title, summary }) => [title, summary])),
    ...(run.losses && { losses: lossesTable(run.losses) }),
    warnings: notes.map(({ code, text }) => ({ code, text })),
  };
}
