/** The page's style sheet. Colours are those of charts/palette.ts. */
export const style = `
:root { --background: #ffffff; --raised: #f6f8fa; --ink: #1f2328; --muted: #59636e; --rule: #d8dee4; --link: #0a58ca; color-scheme: light; }
:root[data-theme="dark"] { --background: #0d1117; --raised: #151b23; --ink: #e6edf3; --muted: #9198a1; --rule: #30363d; --link: #6cb0ff; color-scheme: dark; }
@media (prefers-color-scheme: dark) {
  :root:not([data-theme]) { --background: #0d1117; --raised: #151b23; --ink: #e6edf3; --muted: #9198a1; --rule: #30363d; --link: #6cb0ff; color-scheme: dark; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--background); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", "DejaVu Sans", sans-serif; }
header, main { max-width: 1280px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 28px; }
main { padding-bottom: 60px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 17px; line-height: 1.3; margin: 0 0 2px; }
main > h2, #losses h2 { margin: 44px 0 8px; font-size: 19px; }
p { margin: 0 0 8px; }
a { color: var(--link); }
code, pre { font: 13px/1.45 ui-monospace, "SF Mono", Menlo, "Liberation Mono", "DejaVu Sans Mono", monospace; }
code { background: var(--raised); border: 1px solid var(--rule); border-radius: 4px; padding: 1px 5px; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 12px; top: 8px; background: var(--background); padding: 4px 8px; }
.circumstances { color: var(--muted); font-size: 13px; margin: 8px 0 18px; overflow-wrap: anywhere; }
.circumstances p { margin: 0; }
.filters { display: flex; flex-wrap: wrap; gap: 12px 32px; align-items: flex-start; background: var(--raised); border: 1px solid var(--rule); border-radius: 8px; padding: 14px 16px; }
.filters .field { display: flex; gap: 8px; align-items: center; margin: 0; min-width: 0; max-width: 100%; }
.filters label { white-space: nowrap; }
.filters li label { white-space: normal; overflow-wrap: anywhere; }
.field label, legend, .family { font-weight: 600; }
select, button { font: inherit; color: var(--ink); background: var(--background); border: 1px solid var(--rule); border-radius: 6px; padding: 4px 10px; max-width: 100%; min-width: 0; }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
legend { float: left; padding: 0 10px 0 0; }
.theme label { margin-right: 12px; }
.theme, .field { min-height: 34px; }
.theme { line-height: 34px; }
.models { flex: 1 0 100%; }
.models legend { float: none; padding: 0 0 4px; }
.models { display: flex; flex-wrap: wrap; gap: 6px 28px; font-size: 14px; }
.group ul { list-style: none; margin: 0; padding: 0 0 0 20px; }
.status { flex: 1 0 100%; margin: 0; color: var(--muted); font-size: 13px; }
.words { font-size: 16px; margin: 22px 0 26px; max-width: 76ch; overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 44px 48px; align-items: start; }
.chart { min-width: 0; }
#percentiles, #timeline { grid-column: 1 / -1; }
@media (max-width: 960px) { .charts { grid-template-columns: minmax(0, 1fr); } }
.about { color: var(--muted); font-size: 13px; max-width: 84ch; }
.chart .about { margin-bottom: 12px; }
.absent { background: var(--raised); border: 1px dashed var(--rule); border-radius: 8px; padding: 14px 16px; color: var(--muted); font-size: 14px; overflow-wrap: anywhere; }
.numbers { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; align-items: baseline; }
.numbers details { flex: 0 1 auto; min-width: 0; max-width: 100%; }
.numbers details[open] { flex: 1 0 100%; }
summary { cursor: pointer; color: var(--link); width: max-content; max-width: 100%; overflow-wrap: anywhere; }
main > div > details { margin-bottom: 6px; }
.scroll { overflow-x: auto; margin: 8px 0 12px; border: 1px solid var(--rule); border-radius: 6px; max-width: 100%; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; width: 100%; }
caption { text-align: left; color: var(--muted); padding: 6px 10px; }
.scroll th, .scroll td { padding: 4px 10px; text-align: right; white-space: nowrap; border-top: 1px solid var(--rule); max-width: 60ch; overflow: hidden; text-overflow: ellipsis; }
.scroll th:first-child { text-align: left; }
.scroll thead th { font-weight: 600; }
.scroll tbody th { font-weight: 400; }
.warnings { padding-left: 20px; font-size: 13px; color: var(--muted); }
.warnings strong { color: var(--ink); }
pre { overflow: auto; max-height: 480px; background: var(--raised); border: 1px solid var(--rule); border-radius: 6px; padding: 12px; }
.file details { margin-top: 10px; }
.hint { max-width: 320px; white-space: normal; overflow-wrap: anywhere; }
.hint table { width: auto; margin-top: 2px; }
.hint th { font-weight: 400; text-align: left; padding: 0 12px 0 0; color: var(--muted); }
.hint td { text-align: right; padding: 0; }
@media print { .filters, .numbers, .skip { display: none; } .chart { break-inside: avoid; } }
`;
