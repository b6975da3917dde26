/** The report's design: the colours of the page in `web/`, light and dark as the reader's system has it, and for paper. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f5f7f6; --surface: #fff; --sunken: #ecf0ee; --ink: #1b2321; --ink-soft: #55615d;
  --line: #d9e0dd; --line-strong: #7c8a85; --accent: #0c6b5b; --on-accent: #fff; --warm: #ad4a12; --on-warm: #fff;
  --series-1: #0c7a67; --series-2: #c2571a; --series-3: #5b4bb0;
  --series-4: #b3266b; --series-5: #2f6fb5; --series-6: #8a6d00; --series-7: #5d6b66; --series-8: #7a3ea0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #131716; --surface: #1a1f1e; --sunken: #232a28; --ink: #e4eae7; --ink-soft: #a1ada8;
    --line: #303937; --line-strong: #71807a; --accent: #63cbb5; --on-accent: #08201b; --warm: #f2a46d; --on-warm: #2a1206;
    --series-1: #5cc9b2; --series-2: #f29c60; --series-3: #aba0f2;
    --series-4: #f08bb8; --series-5: #7fb4ec; --series-6: #d9bd4a; --series-7: #a7b4af; --series-8: #cf9bee;
  }
}
*, *::before, *::after { box-sizing: border-box; }
body {
  margin: 0 auto; padding: clamp(1rem, 4vw, 3rem) clamp(1rem, 4vw, 2.5rem) 4rem; max-width: 76rem;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  -webkit-text-size-adjust: 100%;
}
h1, h2, h3 { margin: 0; line-height: 1.2; font-weight: 650; letter-spacing: -0.012em; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.625rem, 1.3rem + 1.4vw, 2.125rem); }
h2 { font-size: 1.375rem; margin-bottom: 0.75rem; }
h3 { font-size: 1.0625rem; margin: 1.25rem 0 0.5rem; }
p { margin: 0 0 0.75rem; max-width: 44rem; overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: 0.18em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
ul, dl, figure { margin: 0; padding: 0; }
ul { list-style: none; }
.soft { color: var(--ink-soft); font-size: 0.9375rem; }
header > p { margin-top: 0.25rem; }
section { background: var(--surface); border: 1px solid var(--line); border-radius: 0.5rem; padding: clamp(1rem, 2.5vw, 1.75rem); min-width: 0; }
main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.25rem; margin-top: 1.25rem; }
section, section.half { grid-column: 1 / -1; }
@media (min-width: 68rem) { section.half { grid-column: auto; } }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 1.25rem 0 0.5rem; font-size: 0.9375rem; }

.facts { display: flex; flex-wrap: wrap; gap: 1px; margin: 1.25rem 0 1rem; background: var(--line); border: 1px solid var(--line); border-radius: 0.5rem; overflow: hidden; }
.facts div { flex: 1 1 9rem; background: var(--surface); padding: 0.75rem 1rem; }
.facts dt, .facts span { font-size: 0.8125rem; color: var(--ink-soft); line-height: 1.35; }
.facts dd { margin: 0; display: flex; flex-direction: column; }
.facts strong { font-size: 1.375rem; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.4; }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1.25rem 1.5rem; margin-bottom: 1rem; }
.figures figcaption { font-weight: 600; display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; }
.legend { display: flex; gap: 1rem; font-weight: 400; font-size: 0.8125rem; color: var(--ink-soft); align-items: center; }
.legend li::before { content: ""; display: inline-block; width: 1.25rem; border-top: 2px solid; margin-right: 0.375rem; vertical-align: 0.25em; }
.legend .series-1::before { color: var(--series-1); }
.legend .series-2::before { color: var(--series-2); border-top-style: dashed; }
.swatch { display: inline-block; width: 1.25rem; border-top: 2px solid; margin-right: 0.5rem; vertical-align: 0.25em; }
.plot { display: block; width: 100%; height: auto; overflow: visible; color: var(--ink-soft); }
details { margin-top: 0.5rem; }
summary { cursor: pointer; color: var(--accent); font-size: 0.9375rem; }

.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3125rem 0.75rem 0.3125rem 0; text-align: right; border-bottom: 1px solid var(--line); vertical-align: baseline; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--ink-soft); font-weight: 500; vertical-align: bottom; }
th.text, td.text { text-align: left; overflow-wrap: break-word; max-width: 18rem; }
tbody th { font-weight: 500; min-width: 5rem; }
tfoot th, tfoot td { border-bottom: 0; font-weight: 600; }

.matrix th, .matrix td { padding: 0; border: 1px solid var(--surface); vertical-align: middle; }
.matrix th.text { padding-right: 0.75rem; min-width: 4rem; max-width: 12rem; }
.matrix td { min-width: 2.5rem; height: 2rem; text-align: center; background: var(--sunken); border-radius: 0.25rem; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.matrix .upright span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 9rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: 0.375rem 0; }
.matrix .upright { text-align: center; vertical-align: bottom; }
.matrix .hit { background: color-mix(in srgb, var(--accent) var(--tone), var(--surface)); }
.matrix .miss { background: color-mix(in srgb, var(--warm) var(--tone), var(--surface)); }
.matrix .hit.dark { color: var(--on-accent); }
.matrix .miss.dark { color: var(--on-warm); }

.classes { width: 100%; max-width: 40rem; }
.classes td { white-space: nowrap; }
.classes .bar { width: 40%; min-width: 4rem; vertical-align: middle; }
.bar i { display: block; height: 0.5rem; border-radius: 0.25rem; background: var(--accent); print-color-adjust: exact; -webkit-print-color-adjust: exact; }

.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: 1.25rem 1rem; }
.pictures img { display: block; width: 100%; height: auto; aspect-ratio: 1; object-fit: contain; background: var(--sunken); border-radius: 0.375rem; }
img.small, .filters img { image-rendering: pixelated; }
.pictures figcaption { display: flex; flex-direction: column; font-size: 0.8125rem; line-height: 1.4; margin-top: 0.375rem; overflow-wrap: anywhere; }
.number { white-space: nowrap; }
.pictures b { font-weight: 600; }
.pictures .file { font-size: 0.75rem; }
.filters img { display: block; max-width: 100%; height: auto; margin-bottom: 0.75rem; border-radius: 0.25rem; }
.filters figcaption { max-width: 44rem; }

.list { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 0.25rem 1.25rem; font-size: 0.9375rem; }
.list dt { color: var(--ink-soft); }
.list dd { margin: 0; overflow-wrap: anywhere; }
.files { font-size: 0.875rem; overflow-wrap: anywhere; }
pre { margin: 0; padding: 0.875rem 1rem; overflow-x: auto; background: var(--sunken); border-radius: 0.375rem; font: 0.8125rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.9em; }
@media (max-width: 30rem) { th, td { padding-right: 0.5rem; } .classes .bar { width: auto; min-width: 2.5rem; } .list { grid-template-columns: 1fr; gap: 0; } .list dd { margin-bottom: 0.5rem; } .pictures { grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr)); } }
@media print {
  :root { --ground: #fff; --surface: #fff; --ink: #000; --ink-soft: #444; --line: #ccc; --accent: #0c6b5b; --warm: #ad4a12; --series-1: #0c7a67; --series-2: #c2571a; --series-3: #5b4bb0; --sunken: #f0f0f0; --on-accent: #fff; --on-warm: #fff; }
  body { padding: 0; max-width: none; font-size: 10pt; }
  nav, details:not([open]) { display: none; }
  main { display: block; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 1rem 0; }
  figure, tr, .facts { break-inside: avoid; }
  h2 { break-after: avoid; }
}
`
