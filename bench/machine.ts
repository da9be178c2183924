import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'

/** The packages whose versions matter to a step's time. */
const COMPUTES = /^(@tensorflow\/|onnxruntime|webgpu)/

/** Date, machine, versions and command, as the head of a run's figures. */
export function headOfRun(
  words: string[],
  { rounds, threads }: { rounds: number; threads: number }
): string[] {
  const environment = process.env.JACCARD_PYTHON ? 'JACCARD_PYTHON=… ' : ''
  const command = `${environment}npm run bench${words.length > 0 ? ` -- ${words.join(' ')}` : ''}`
  return [
    machineHeading(),
    '',
    `Node ${process.versions.node}, ${versions().join(', ')}.`,
    '',
    `\`${command}\`: ${threads} threads each, ${rounds} rounds in turn.`
  ]
}

/** Date and machine, as a heading. */
export function machineHeading(): string {
  const date = new Date().toISOString().slice(0, 10)
  const memory = Math.round(totalmem() / 2 ** 30)
  return `## ${date}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${memory} GiB, ${process.platform} ${process.arch}`
}

function versions(): string[] {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<
    'dependencies' | 'optionalDependencies',
    Record<string, string>
  >
  return Object.entries({ ...manifest.dependencies, ...manifest.optionalDependencies })
    .filter(([name]) => COMPUTES.test(name))
    .map(([name, version]) => `${name} ${version}`)
}
