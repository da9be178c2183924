import { expect, test } from 'vitest'
import { memoryObstacle } from '#main/training/memory'

const images = Array.from({ length: 100 }, () => ({ width: 4000, height: 3000 }))
const GIGABYTE = 1e9

test('frames that fit into memory are no obstacle', () => {
  expect(memoryObstacle(images, { size: 128, crop: null }, GIGABYTE)).toBeNull()
  expect(memoryObstacle(images, { size: 128, crop: 128 }, 5 * GIGABYTE)).toBeNull()
  expect(memoryObstacle([], { size: 128, crop: 128 }, GIGABYTE)).toBeNull()
})

test('crops of too much are refused with what they take and the crop that fits', () => {
  // 100 × 12 megapixels × 4 bytes.
  const obstacle = memoryObstacle(images, { size: 128, crop: 128 }, GIGABYTE)
  expect(obstacle?.message).toMatch(
    /the 100 images of the run take 4\.8 GB of memory, and this machine has 1 GB for them; take crops of 288 px, or whole images, or fewer images\.$/
  )
  expect(memoryObstacle(images, { size: 128, crop: 288 }, GIGABYTE)).toBeNull()
  expect(memoryObstacle(images, { size: 128, crop: 256 }, GIGABYTE)).not.toBeNull()
})

test('whole images of too large an input are refused with the input that fits', () => {
  const obstacle = memoryObstacle(images, { size: 2048, crop: null }, GIGABYTE)
  expect(obstacle?.message).toMatch(/take 1\.7 GB .*; take an input size of 1568, or fewer images\.$/)
  expect(memoryObstacle(images, { size: 1568, crop: null }, GIGABYTE)).toBeNull()
})
