import { openImage, type OpenImage } from './open'

/** A reduced copy differs from half, a quarter … of the first page by no more pixels than rounding makes. */
const ROUNDING = 2

/**
 * The pages of a TIFF that are images, from 0. Copies of the first one at half its size, a quarter and so on, as
 * microscopes and maps keep them for a quick look, are none. Of every other format it is the first page.
 *
 * @throws JaccardError `bad-input` for a page that cannot be read.
 */
export async function imagePages(image: OpenImage): Promise<number[]> {
  const { format, pages, width, height } = image.facts
  if (format !== 'tiff') return [0]
  const found = [0]
  for (let page = 1; page < pages; page++) {
    const { facts } = await openImage({ ...image, page })
    const factor = 2 ** Math.round(Math.log2(width / facts.width))
    const isReduced =
      factor >= 2 &&
      Math.abs(facts.width - width / factor) <= ROUNDING &&
      Math.abs(facts.height - height / factor) <= ROUNDING
    if (!isReduced) found.push(page)
  }
  return found
}
