import { z } from 'zod'
import type { ExportReport } from './values'

/** As what masks can be written: files of other programs, and a data set with the images. */
export const maskExportFormat = z.enum(['png', 'coco', 'coco-polygons', 'labelme', 'yolo', 'webdataset'])
export type MaskExportFormat = z.infer<typeof maskExportFormat>

export interface MaskExportReport extends ExportReport {
  format: MaskExportFormat
  /** Images whose masks were written. */
  images: number
  /** Images that are neither complete nor confirmed empty: a mask of theirs would claim more than was looked at. */
  unfinished: number
  /** Written masks with unknown pixels, which PNG and YOLO cannot say: there they are background. */
  withUnknown: number
}
