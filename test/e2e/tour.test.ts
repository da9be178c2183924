import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chooseFiles, expectAccessible, nuclei, obstacle, openApp, type App } from './fixture'

let app: App

describe.skipIf(obstacle)(`the tour${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  beforeEach(async () => {
    app = await openApp({ firstRun: true })
  })

  afterEach(() => app.close())

  test('starts with the first image, is left by a key, stays away, and comes when it is called', async () => {
    const { page } = app
    const tour = page.getByRole('region', { name: 'Tour' })
    await app.createProject('cells')
    expect(await tour.count()).toBe(0)
    await chooseFiles(page, 'Choose images…', await nuclei('images', 1))
    await tour.getByText('1 of 4').waitFor()
    await expectAccessible(page)
    for (const step of ['2 of 4', '3 of 4', '4 of 4']) {
      await tour.getByRole('button', { name: 'Next' }).click()
      await tour.getByText(step).waitFor()
    }
    await page.keyboard.press('Escape')
    await tour.waitFor({ state: 'detached' })
    await page.reload()
    await page.getByRole('complementary', { name: 'Image' }).waitFor()
    expect(await tour.count()).toBe(0)
    await page.getByRole('button', { name: 'Tour' }).click()
    await tour.getByText('1 of 4').waitFor()
    expect(app.complaints).toEqual([])
  })
})
