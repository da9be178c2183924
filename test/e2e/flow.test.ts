import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chooseFiles, expectAccessible, nuclei, obstacle, openApp, type App } from './fixture'

let app: App
let page: Page

describe.skipIf(obstacle)(`the way through the images${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  beforeEach(async () => {
    app = await openApp()
    page = app.page
    await app.createProject('cells')
    await chooseFiles(page, 'Choose images…', await nuclei('images', 4))
    await page.getByText('4 images added.').waitFor()
  })

  afterEach(() => app.close())

  const strip = () => page.getByRole('navigation', { name: 'Images' }).getByRole('button', { name: /nuclei/ })
  const heading = () => page.getByRole('complementary', { name: 'Image' }).getByRole('heading')
  const shown = (count: number) => expect.poll(() => strip().count()).toBe(count)

  test('a filter narrows the strip and every step; a deleted image comes back with its mask', async () => {
    // Labelled ones step aside, and the person goes on among what is left.
    await page.keyboard.press('0')
    await expect.poll(() => heading().innerText()).toBe('nuclei_crop_02.png')
    const states = page.getByRole('toolbar', { name: 'Images to go through' })
    await states.getByRole('button', { name: 'Not started 3' }).click()
    await shown(3)
    await page.keyboard.press('a')
    expect(await heading().innerText()).toBe('nuclei_crop_02.png')
    await page.keyboard.press('/')
    await page.keyboard.type('CROP_04')
    await page.keyboard.press('Enter')
    await expect.poll(() => heading().innerText()).toBe('nuclei_crop_04.png')
    await shown(1)
    await expectAccessible(page)
    await states.getByRole('button', { name: 'All 4' }).click()
    await shown(4)

    // The overview walks by keys, in two dimensions, and opens what is chosen.
    await page.keyboard.press('o')
    const overview = page.getByRole('listbox', { name: 'All images' })
    await overview.waitFor()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await overview.getByRole('option', { selected: true, name: 'nuclei_crop_02.png Not started' }).waitFor()
    await expectAccessible(page)
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await expect.poll(() => heading().innerText()).toBe('nuclei_crop_04.png')

    const canvas = (await page.getByRole('application').boundingBox())!
    await page.mouse.move(canvas.x + canvas.width / 2, canvas.y + canvas.height / 2)
    await page.mouse.down()
    await page.mouse.move(canvas.x + canvas.width / 2 + 40, canvas.y + canvas.height / 2)
    await page.mouse.up()
    await page.getByText('Saved', { exact: true }).waitFor()
    const share = page
      .getByRole('complementary', { name: 'Image' })
      .getByText(/\d\u00a0%$/)
      .first()
    const painted = await share.innerText()
    expect(painted).not.toMatch(/^0\.0\u00a0%/)

    await page.keyboard.press('Delete')
    await shown(3)
    await expect.poll(() => heading().innerText()).toBe('nuclei_crop_03.png')
    await states.getByRole('button', { name: 'Bin 1' }).click()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Restore nuclei_crop_04.png' }).click()
    await shown(4)
    await expect.poll(() => heading().innerText()).toBe('nuclei_crop_04.png')
    expect(await share.innerText()).toBe(painted)
    await page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => share.innerText()).toMatch(/^0\.0\u00a0%/)

    await page.keyboard.press('Delete')
    await shown(3)
    await states.getByRole('button', { name: 'Bin 1' }).click()
    await page.getByRole('button', { name: 'Empty the bin…' }).click()
    await page.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByText('1 image deleted for good.').waitFor()
    expect(await states.getByRole('button', { name: /^Bin/ }).count()).toBe(0)
    expect(app.complaints).toEqual([])
  })
})
