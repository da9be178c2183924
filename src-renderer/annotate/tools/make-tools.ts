import { Brush } from './brush'
import { Fill } from './fill'
import { Lasso } from './lasso'
import { Polygon } from './polygon'
import { Rectangle } from './rectangle'
import { Reshape } from './reshape'
import { SmartFill } from './smart-fill'
import { Suggest } from './suggest'
import { Superpixels } from './superpixels'
import { Wand } from './wand'
import type { Tool, ToolContext } from './tool'
import type { ToolName } from './tool-list'

/** Makes every tool of the list. */
export function makeTools(context: ToolContext): Record<ToolName, Tool> {
  const brush = new Brush(context)
  return {
    brush,
    eraser: brush,
    polygon: new Polygon(context),
    lasso: new Lasso(context),
    rectangle: new Rectangle(context),
    fill: new Fill(context),
    wand: new Wand(context),
    superpixels: new Superpixels(context),
    'smart-fill': new SmartFill(context),
    reshape: new Reshape(context),
    suggest: new Suggest(context)
  }
}
