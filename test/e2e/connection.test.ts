import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chooseFiles, nuclei, obstacle, openApp, type App } from './fixture'
import { layWire, type Wire } from './wire'

let app: App
let wire: Wire

describe.skipIf(obstacle)(`a connection that breaks${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  beforeEach(async () => {
    app = await openApp()
    wire = await layWire(app.address())
    await app.page.goto(wire.address)
  })

  afterEach(async () => {
    await app.close()
    await wire.close()
  })

  test('costs no stroke: what was painted meanwhile, or was on its way, is saved once', async () => {
    const { page } = app
    const saved = () => page.getByText('Saved', { exact: true }).waitFor()
    const dab = (x: number, y: number) => page.mouse.click(x, y)
    await app.createProject('cells')
    await chooseFiles(page, 'Choose images…', await nuclei('images', 1))
    await page.getByRole('toolbar', { name: 'Zoom' }).waitFor()
    await dab(300, 150)
    await saved()

    wire.cut()
    for (const x of [350, 420, 490]) await dab(x, 200)
    await page.getByText('Not saved yet: no connection').waitFor()
    await page.getByText(/The connection to Jaccard is lost/).waitFor()
    wire.mend()
    await page.getByText('The connection is back.').waitFor()
    await saved()

    // Cut while strokes are on their way: some have arrived without an answer, some have not.
    for (let i = 0; i < 4; i++) {
      const painting = dab(300 + 70 * i, 420)
      wire.cut()
      await painting
      wire.mend()
    }
    await page.getByText(/The connection to Jaccard is lost/).waitFor({ state: 'detached' })
    await saved()

    const undo = page.getByRole('button', { name: 'Undo' })
    for (let strokes = 8; strokes > 0; strokes--) {
      await undo.click()
      await saved()
    }
    await page.getByText('0.0\u00a0%', { exact: true }).waitFor()
    await expect.poll(() => undo.isDisabled()).toBe(true)
  })
})
