import { arch, cpus, release, totalmem } from 'node:os'
import { findBrowser, INSTALL_BROWSER } from '#main/exchange/browser'
import { forkTrainer } from '#main/training/fork.node'
import { chooseEngine, createTrainers } from '#main/training/trainers'
import { currentVersions } from '#main/training/versions'
import type { Terminal } from './terminal'

/** `jaccard doctor`: engines, devices, versions and the speed test. */
export async function doctor(_options: object, terminal: Terminal): Promise<void> {
  terminal.say('Looking for engines and timing them …')
  const trainers = createTrainers(forkTrainer)
  const engines = await trainers.inspect()
  const auto = await chooseEngine('auto', trainers)
  const versions = currentVersions()
  const browser = await findBrowser()
  const system = {
    platform: `${process.platform} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 1e9)
  }
  const lines = engines.map(({ name, available, device, detail, speedTestMilliseconds, chosen }) =>
    [
      `${chosen ? '*' : ' '} ${name}: ${available ? device : 'not available'}`,
      speedTestMilliseconds === null ? [] : `${speedTestMilliseconds.toFixed(0)} ms a step`,
      detail ?? []
    ]
      .flat()
      .join('; ')
  )
  terminal.result(
    { versions, system, engines, auto, browser },
    [
      ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
      `${system.platform}, ${system.cores} × ${system.cpu}, ${system.memoryGB} GB`,
      'engines (* is what auto takes):',
      ...lines,
      `auto: ${auto.because}`,
      `browser for verify: ${browser ?? `none; ${INSTALL_BROWSER}`}`
    ].join('\n')
  )
}
