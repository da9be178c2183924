import type { Baselines } from '#core/learning/events'
import { ENGINES } from '#core/network/engine'
import { chartSvg, type Chart } from './chart'
import { trainCommand } from './command'
import type { ReportContents, ReportedRun } from './contents'
import type { Figure, Picture } from './figure'
import { escaped, factTable } from './markup'

/** Pictures are shown at least this wide. */
const LEAST_EDGE = 128

/**
 * The report as one HTML file that needs nothing else: pictures are in it, and nothing is loaded.
 *
 * @param addresses Of every picture, as data URLs.
 * @param made When, in words.
 */
export function reportPage(contents: ReportContents, addresses: Map<Picture, string>, made: string): string {
  const { project, runs, strip, samples } = contents
  const title = `${project.name}: ${runs.map(({ run }) => `run ${run.id}`).join(' and ')}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${escaped(title)}</h1><p>${escaped(made)}</p></header>
<section id="results"><h2>Results on the validation images</h2>
${resultTable(runs)}
${runs.map(noteOf).join('')}
<div class="charts">${chartsOf(runs).map(chartSvg).join('')}</div></section>
<section id="strip"><h2>What the network said of ${escaped(strip.image)} while it learned</h2>
${figureTable(strip.figure, addresses)}</section>
<section id="samples"><h2>Every validation sample</h2>
<p>By the best weights of each run. Black is background, white foreground, violet unknown.</p>
${figureTable(samples, addresses)}</section>
${runs.map((run) => runSection(run, project.path)).join('\n')}
</body>
</html>
`
}

const BASELINES: [keyof Baselines, string][] = [
  ['background', 'always background'],
  ['foreground', 'always foreground'],
  ['meanMask', 'mean mask']
]

function resultTable(runs: ReportedRun[]): string {
  const row = (name: string, of: (run: ReportedRun) => string) =>
    `<tr><th scope="row">${name}</th>${runs.map((run) => `<td>${of(run)}</td>`).join('')}</tr>`
  return (
    `<table class="results"><thead><tr><td></td>` +
    runs.map(({ name }) => `<th scope="col">${escaped(name)}</th>`).join('') +
    `</tr></thead><tbody>` +
    [
      row('mIoU', ({ metrics }) => score(metrics.mIoU)),
      row('Foreground IoU', ({ metrics }) => score(metrics.iou1)),
      row('Background IoU', ({ metrics }) => score(metrics.iou0)),
      row('Precision', ({ metrics }) => score(metrics.precision)),
      row('Recall', ({ metrics }) => score(metrics.recall)),
      row('Objects found (IoU at least 0.5)', ({ objects }) => `${objects.found} of ${objects.objects}`),
      row('Objects touched', ({ objects }) => `${objects.touched} of ${objects.objects}`),
      row('Threshold', ({ run }) => score(run.threshold)),
      row('Best step', ({ run }) => String(run.bestStep)),
      ...BASELINES.map(([key, name]) =>
        row(`mIoU, ${name}`, ({ run }) => (run.baselines ? score(run.baselines[key]) : '–'))
      )
    ].join('') +
    `</tbody></table>`
  )
}

function noteOf({ run }: ReportedRun): string {
  return run.message === null ? '' : `<p class="note">Run ${run.id}: ${escaped(run.message)}</p>`
}

/** The first run solid, the second dashed; a loss stands alone, since losses of two kinds cannot be compared. */
function chartsOf(runs: ReportedRun[]): Chart[] {
  const baselines = runs[0]!.run.baselines
  return [
    {
      title: 'Validation mIoU by step',
      limits: [0, 1],
      curves: runs.map(({ name, history }, i) => ({
        label: name,
        dashed: i > 0,
        points: history.validation.map(({ step, metrics }) => ({ x: step, y: metrics.mIoU }))
      })),
      lines: baselines ? BASELINES.map(([key, label]) => ({ label, value: baselines[key] })) : []
    },
    ...runs.map(({ run, history }): Chart => ({
      title: `Loss ${run.config.loss} of run ${run.id} by step`,
      limits: null,
      curves: [
        { label: 'validation', dashed: false, points: finite(history.validation) },
        { label: 'training', dashed: true, points: thinned(finite(history.loss)) }
      ],
      lines: []
    }))
  ]
}

/** Runs that diverged have losses that are no numbers. */
function finite(losses: { step: number; loss: number }[]): { x: number; y: number }[] {
  return losses.filter(({ loss }) => Number.isFinite(loss)).map(({ step, loss }) => ({ x: step, y: loss }))
}

/** Points of a noisy curve that can be told apart. */
const MOST_POINTS = 160

/** Means of so many neighbours that the curve can be read. */
function thinned(points: { x: number; y: number }[]): { x: number; y: number }[] {
  const group = Math.ceil(points.length / MOST_POINTS)
  return Array.from({ length: Math.ceil(points.length / Math.max(1, group)) }, (_, i) => {
    const members = points.slice(i * group, (i + 1) * group)
    return { x: members.at(-1)!.x, y: members.reduce((sum, { y }) => sum + y, 0) / members.length }
  })
}

function figureTable({ headings, rows }: Figure, addresses: Map<Picture, string>): string {
  const head = headings.map((lines) => `<th scope="col">${lines.map(escaped).join('<br>')}</th>`).join('')
  const body = rows.map(({ name, aspect, cells }) => {
    const pictures = cells.map(({ picture, caption }, i) => {
      const longer = Math.max(picture.width, picture.height)
      const edge = longer * Math.ceil(LEAST_EDGE / longer)
      const [width, height] = aspect >= 1 ? [edge, edge / aspect] : [edge * aspect, edge]
      const alt = `${headings[i]!.join(' ')} of ${name}`
      return (
        `<td><img src="${addresses.get(picture)!}" alt="${escaped(alt)}" width="${Math.round(width)}" ` +
        `height="${Math.round(height)}">${caption === undefined ? '' : `<span>${escaped(caption)}</span>`}</td>`
      )
    })
    return `<tr class="name"><th scope="rowgroup" colspan="${headings.length}">${escaped(name)}</th></tr><tr>${pictures.join('')}</tr>`
  })
  return `<div class="figure"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`
}

function runSection({ name, run, balance }: ReportedRun, file: string): string {
  const { config } = run
  // The engine that computed, by its name: a speed test may choose another one elsewhere.
  const engine = ENGINES.find((each) => each === run.engine) ?? config.engine
  const settings = Object.entries(config).map(([key, value]): [string, string] => [
    wordsOf(key),
    String(value ?? '–')
  ])
  const share = (of: number | null) => (of === null ? '–' : `${(100 * of).toPrecision(3)} % foreground`)
  return `<section class="run"><h2>${escaped(name)}</h2><div class="columns">
<div><h3>Settings</h3>${factTable(settings)}</div>
<div><h3>Run</h3>${factTable([
    ['Status', run.status],
    ['Started', run.startedAt],
    ['Steps', String(run.steps)],
    ['Seconds', run.seconds.toFixed(1)],
    ['Milliseconds a step, median', run.medianStepMilliseconds?.toFixed(1) ?? '–'],
    ['Engine', run.engine ?? '–'],
    ['Device', run.device ?? '–'],
    ['Parameters', String(run.parameters ?? '–')]
  ])}
<h3>Data</h3>${factTable([
    ['Training', `${balance.train.images} images, ${share(balance.train.foregroundShare)}`],
    ['Validation', `${balance.validation.images} images, ${share(balance.validation.foregroundShare)}`]
  ])}</div>
<div><h3>Versions</h3>${factTable(Object.entries(run.versions))}</div></div>
<h3>To repeat it</h3><pre><code>${escaped(trainCommand(file, config, engine))}</code></pre></section>`
}

/** `learningRate` → `learning rate` */
function wordsOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function score(value: number): string {
  return value.toFixed(3)
}

const STYLE = `
:root { color-scheme: light; --ink: #16191d; --soft: #4d5560; --line: #dde1e6; }
body { margin: 0 auto; padding: 24px; max-width: 1400px; color: var(--ink); font: 14px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; margin: 0; } h2 { font-size: 18px; margin: 32px 0 8px; } h3 { font-size: 14px; margin: 16px 0 4px; }
p { color: var(--soft); margin: 4px 0; }
table { border-collapse: collapse; } th, td { text-align: left; vertical-align: top; padding: 3px 12px 3px 0; }
.results td, .results th[scope=col], .facts td { font-variant-numeric: tabular-nums; }
.results tr, .facts tr { border-bottom: 1px solid var(--line); } th[scope=row] { font-weight: 400; color: var(--soft); }
.note { padding: 8px 12px; background: #fff6dd; border-radius: 6px; color: var(--ink); }
.charts, .columns { display: flex; flex-wrap: wrap; gap: 24px; margin-top: 16px; }
.chart { flex: 1 1 400px; margin: 0; max-width: 640px; } .chart > svg { width: 100%; height: auto; }
figcaption { font-weight: 600; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
.grid { stroke: var(--line); } .level { stroke: #9aa3ad; stroke-dasharray: 2 3; }
.curve { fill: none; stroke: var(--ink); stroke-width: 2; } .curve.dashed { stroke-dasharray: 7 5; }
.legend { display: flex; gap: 24px; margin: 4px 0 0; padding: 0; list-style: none; color: var(--soft); }
.legend svg { width: 28px; height: 8px; margin-right: 8px; }
.figure { overflow-x: auto; } .figure td, .figure thead th { padding: 2px 8px 8px 0; font-weight: 400; color: var(--soft); }
.figure .name th { padding-top: 8px; } .figure img { display: block; image-rendering: pixelated; border: 1px solid var(--line); }
pre { padding: 12px; border-radius: 6px; background: #f4f5f7; overflow-x: auto; white-space: pre-wrap; }
@media print { body { padding: 0; } section { break-inside: auto; } tr { break-inside: avoid; } }
`
