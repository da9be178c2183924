import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chooseFiles, expectAccessible, nuclei, obstacle, openApp, type App } from './fixture'

let app: App
let page: Page

describe.skipIf(obstacle)(`projects${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  beforeEach(async () => {
    app = await openApp()
    page = app.page
  })

  afterEach(() => app.close())

  test('the sample project is one click away, labelled and ready to train', async () => {
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Try the sample project' }).click()
    await page.getByText('40 labelled', { exact: true }).waitFor()
    await page.getByRole('application').waitFor()
    await expectAccessible(page)
    expect(app.complaints).toEqual([])
  })

  test('a closed project is found again among the recent ones; one that is gone cannot be chosen', async () => {
    await app.createProject('leaves')
    await page.getByRole('button', { name: /^Project leaves/ }).click()
    await app.createProject('seeds')
    await page.getByRole('button', { name: /^Project seeds/ }).click()
    await rename(app.projectFile('seeds'), join(app.home, 'moved.jaccard'))
    await page.reload()
    const recent = page.getByRole('region', { name: 'Recent projects' })
    const gone = recent.getByRole('button', { name: /seeds Not there any more/ })
    await gone.waitFor()
    expect(await gone.isDisabled()).toBe(true)
    await expectAccessible(page)
    await recent.getByRole('button', { name: /leaves/ }).click()
    await page.getByRole('heading', { name: 'Add the images to learn from' }).waitFor()
  })

  test('a name that no file can have, and a file that is no project, each get one sentence', async () => {
    await page.getByRole('button', { name: 'New project' }).click()
    await page.getByLabel('Name').fill('../else')
    await page.getByText('Leave out the characters').waitFor()
    expect(await page.getByRole('button', { name: 'Create' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Cancel' }).click()

    await app.createProject('leaves')
    await writeFile(app.projectFile('holiday'), 'This is a letter, not a project.')
    await page.getByRole('button', { name: /^Project leaves/ }).click()
    await page.getByRole('button', { name: 'Open project…' }).click()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'holiday.jaccard' }).click()
    const message = page.getByRole('region', { name: 'Messages' }).getByRole('alert')
    expect(await message.innerText()).toMatch(/holiday\.jaccard.* no/)
    await page.getByRole('button', { name: 'Open project…' }).click()
    await page.getByRole('button', { name: 'leaves.jaccard', exact: true }).click()
    await page.getByRole('heading', { name: 'Add the images to learn from' }).waitFor()
  })

  test('what cannot be written is shown, says why, and is not painted', async () => {
    await app.createProject('leaves')
    await chooseFiles(page, 'Choose images…', await nuclei('images', 1))
    await page.getByText('1 image added.').waitFor()
    await app.stopHost()
    makeNewer(app.projectFile('leaves'))
    await app.startHost(app.projectFile('leaves'))
    await page.getByText(/newer/).waitFor()
    for (const name of ['Brush', 'Undo', 'Complete', 'Add images or masks']) {
      expect(await page.getByRole('button', { name, exact: true }).isDisabled(), name).toBe(true)
    }
    await page.mouse.move(400, 300)
    await page.mouse.down()
    await page.mouse.move(500, 300)
    await page.mouse.up()
    await page.getByText('0.0\u00a0%', { exact: true }).waitFor()
    await expectAccessible(page)
  })
})

/** Makes a project one of a newer version of Jaccard, which this one only reads. */
function makeNewer(file: string): void {
  const database = new Database(file)
  database.pragma('user_version = 9999')
  database.close()
}
