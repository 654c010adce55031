/**
 * One sheet for every page. Colours mean one thing each: verdicts by {@link standingStyles}' names, `--written` and
 * `--delivered` for the two flows of the load test (told apart by lightness as well, for the colour-blind), `--ink`
 * for targets. Every text colour has a contrast of at least 4.5 on its ground, in light and dark; a test measures it.
 */
export const styleSheet = `
:root {
  color-scheme: light;
  --paper: #ffffff; --raised: #f6f7f9; --sunken: #eceff3; --line: #d9dee5; --ink: #14181f; --soft: #4d5764;
  --link: #0b57a4; --focus: #0b57a4;
  --pass: #08684d; --fail: #b3261e; --undecided: #7a5200; --error: #86307f; --skipped: #525c69; --waits: #1d5c96;
  --pass-wash: #e3f4ec; --fail-wash: #fdeceb; --undecided-wash: #fbf0d9; --error-wash: #f8eaf7;
  --skipped-wash: #eceff3; --waits-wash: #e4effa;
  --written: #4a9bd9; --delivered: #12406e; --bar: #4a9bd9; --grid: #e4e8ed;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --paper: #12151a; --raised: #1a1f26; --sunken: #232a33; --line: #313a46; --ink: #eceff3; --soft: #a9b4c2;
    --link: #86bdf2; --focus: #86bdf2;
    --pass: #52d3a4; --fail: #ff8b82; --undecided: #f0bd58; --error: #e59ade; --skipped: #a9b4c2; --waits: #86bdf2;
    --pass-wash: #11342a; --fail-wash: #421d1c; --undecided-wash: #3a2d11; --error-wash: #391f38;
    --skipped-wash: #232a33; --waits-wash: #172f48;
    --written: #3f8fce; --delivered: #d3e8fb; --bar: #3f8fce; --grid: #272f39;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; scroll-padding-top: 1rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
main, .top, footer { max-width: 70rem; margin: 0 auto; padding: 0 1.25rem; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; margin: 0; font-weight: 650; letter-spacing: -.012em; }
h1 { font-size: clamp(2rem, 1.4rem + 2.6vw, 3.1rem); letter-spacing: -.025em; }
h2 { font-size: 1.45rem; }
h3 { font-size: 1rem; margin: 2rem 0 .6rem; letter-spacing: 0; }
p { margin: 0; max-width: 70ch; }
a { color: var(--link); text-underline-offset: .18em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
code, .mono { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
p code, li code, td code { background: var(--sunken); border-radius: 4px; padding: .1em .35em; overflow-wrap: anywhere; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; z-index: 1; }
.soft { color: var(--soft); }
.top { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: baseline; padding-top: 1.5rem; font-size: .9rem; color: var(--soft); }
.top strong { color: var(--ink); font-size: 1rem; font-weight: 650; }
.top time { margin-left: auto; }
.hero { margin: 1.5rem 0 2rem; padding: 1.9rem 2rem 1.8rem; border-radius: 14px; background: var(--wash); border: 1px solid color-mix(in srgb, var(--tone) 28%, transparent); }
.hero h1 { color: var(--tone); display: flex; gap: .45em; align-items: center; }
.hero.long h1 { font-size: clamp(1.5rem, 1.2rem + 1.6vw, 2.3rem); }
.hero .why { font-size: 1.15rem; margin-top: .6rem; max-width: 60ch; }
.hero ul { margin: .7rem 0 0; padding: 0; list-style: none; }
.hero li { margin: .3rem 0; max-width: 70ch; }
.icon { width: .95em; height: .95em; flex: none; vertical-align: -.1em; }
.badge { flex: none; display: inline-grid; place-items: center; width: 1.3em; height: 1.3em; border-radius: 50%; background: var(--tone); color: var(--paper); font-size: .8em; }
.badge .icon { width: .8em; height: .8em; }
.pass { --tone: var(--pass); --wash: var(--pass-wash); }
.fail { --tone: var(--fail); --wash: var(--fail-wash); }
.undecided { --tone: var(--undecided); --wash: var(--undecided-wash); }
.error { --tone: var(--error); --wash: var(--error-wash); }
.skipped { --tone: var(--skipped); --wash: var(--skipped-wash); }
.waits { --tone: var(--waits); --wash: var(--waits-wash); }
.chip { display: inline-flex; gap: .4em; align-items: center; white-space: nowrap; color: var(--tone); background: var(--wash); border-radius: 99px; padding: .14em .7em .14em .5em; font-size: .875rem; font-weight: 600; line-height: 1.5; }
.gates { list-style: none; margin: .5rem 0 0; padding: 0; border-top: 1px solid var(--line); }
.gates li { border-bottom: 1px solid var(--line); display: grid; grid-template-columns: 9.5rem 7.6rem minmax(0, 1fr) auto; gap: .2rem 1rem; align-items: baseline; padding: .75rem 0; }
.gates .name { font-weight: 600; }
.gates .time { color: var(--soft); font-size: .9rem; white-space: nowrap; }
.gates .more { display: block; color: var(--soft); }
.next { margin: 2rem 0 0; padding: 1rem 1.25rem; background: var(--raised); border-radius: 10px; }
.next h2 { font-size: 1rem; margin-bottom: .35rem; }
.next ul { margin: 0; padding-left: 1.15rem; }
.next li { margin: .2rem 0; max-width: 72ch; }
section.gate { margin-top: 3.5rem; padding-top: 2.2rem; border-top: 1px solid var(--line); }
.gate > header { display: flex; flex-wrap: wrap; gap: .5rem .9rem; align-items: center; margin-bottom: .6rem; }
.gate .lead { font-size: 1.05rem; }
.gate .lead + .lead { color: var(--soft); font-size: 1rem; }
.scroll { overflow-x: auto; max-width: 100%; }
.lead + .scroll { margin-top: 1rem; }
td code { white-space: nowrap; margin-right: .35em; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.4; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .82rem; white-space: nowrap; border-bottom: 1px solid var(--line); padding: .35rem 1.1rem .35rem 0; vertical-align: bottom; }
td .mono, th .mono { font-size: .82rem; }
td, tbody th { border-bottom: 1px solid var(--line); padding: .5rem 1.1rem .5rem 0; vertical-align: baseline; }
tbody th { color: var(--ink); font-size: inherit; font-weight: 500; white-space: normal; }
tr > :last-child { padding-right: 0; }
.n { text-align: right; white-space: nowrap; }
th.n { text-align: right; }
.strong { font-weight: 650; }
.nowrap { white-space: nowrap; }
.zero { color: var(--soft); }
.tone { color: var(--tone); font-weight: 600; white-space: nowrap; }
.measure-bar { display: inline-block; vertical-align: middle; width: 150px; height: 22px; margin: -4px 0; }
tfoot td, tfoot th { font-weight: 650; color: var(--ink); font-size: .925rem; border-bottom: 0; padding: .6rem 1.1rem .2rem 0; }
details { margin: .8rem 0; }
summary { cursor: pointer; width: fit-content; color: var(--link); font-size: .925rem; padding: .15rem 0; }
details > :not(summary) { margin-top: .5rem; }
.findings { list-style: none; margin: 0; padding: 0; }
.findings > li { border-left: 4px solid var(--tone); background: var(--raised); border-radius: 0 8px 8px 0; padding: .7rem 1rem .75rem; margin: .6rem 0; }
.findings p { overflow-wrap: anywhere; }
.findings .head { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .875rem; color: var(--soft); }
.findings .hint { color: var(--soft); margin-top: .25rem; }
.findings .hint::before { content: "→ "; }
figure { margin: 1.6rem 0 0; }
figcaption { font-weight: 600; margin-bottom: .1rem; }
figcaption span { display: block; font-weight: 400; color: var(--soft); font-size: .925rem; max-width: 70ch; }
.chart { display: block; width: 100%; max-width: 860px; height: auto; font-size: 13px; font-variant-numeric: tabular-nums; overflow: visible; }
.chart.narrow { display: none; max-width: 30rem; }
.chart text { fill: var(--soft); }
.chart .label { fill: var(--ink); font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.chart .grid { stroke: var(--grid); }
.chart .axis { stroke: var(--soft); }
.chart .bar { fill: var(--bar); }
.chart .mark { stroke: var(--ink); stroke-width: 1; }
.chart .target { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 5 4; }
.chart .written { stroke: var(--written); stroke-width: 2; fill: none; stroke-linejoin: round; }
.chart .delivered { stroke: var(--delivered); stroke-width: 2; fill: none; stroke-linejoin: round; }
.chart .dot-written { fill: var(--written); } .chart .dot-delivered { fill: var(--delivered); }
.chart .warmup { fill: var(--sunken); }
.empty { border: 1px dashed var(--line); border-radius: 10px; padding: 1.6rem 1.25rem; color: var(--soft); margin-top: 1rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1px; background: var(--line); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; margin: 1.25rem 0 0; }
.cards > div { background: var(--paper); padding: .8rem 1rem; }
.cards dt { color: var(--soft); font-size: .85rem; }
.cards dd { margin: 0; font-size: 1.25rem; font-weight: 650; letter-spacing: -.01em; overflow-wrap: anywhere; }
.cards dd small { display: block; font-size: .85rem; font-weight: 400; color: var(--soft); letter-spacing: 0; }
footer { margin-top: 4rem; padding-top: 1.25rem; padding-bottom: 2.5rem; color: var(--soft); font-size: .875rem; }
footer p + p { margin-top: .3rem; }
@media screen and (max-width: 40rem) {
  main, .top, footer { padding-left: 1rem; padding-right: 1rem; }
  .hero { padding: 1.3rem 1.15rem; margin-top: 1rem; }
  .gates li { grid-template-columns: auto minmax(0, 1fr) auto; column-gap: .75rem; }
  .gates .facts { grid-column: 1 / -1; grid-row: 2; }
  .top time { margin-left: 0; }
  .scroll > table { min-width: 32rem; }
}
@media screen and (max-width: 48rem) { .chart.wide { display: none; } .chart.narrow { display: block; } }
@media print {
  body { font-size: 11pt; } .skip, summary::marker { display: none; }
  section.gate, figure, .findings > li, .gates li { break-inside: avoid; }
  section.gate { margin-top: 1.5rem; padding-top: 1rem; } .scroll { overflow: visible; } a { color: inherit; }
  table { font-size: 8pt; } th, td .mono, th .mono { font-size: 7pt; } th, td, tbody th, tfoot th, tfoot td { padding-right: .5rem; white-space: normal; }
  thead th, thead th.n { white-space: normal; overflow-wrap: normal; } tfoot th, tfoot td { font-size: 8pt; } .mono { overflow-wrap: anywhere; }
  .measure-bar { width: 80px; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
