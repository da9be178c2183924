import type { IconName } from '../../shared/icons'

interface ToolEntry {
  name: string
  label: string
  key: string
  icon: IconName
  /** Where in the rail it stands: tools of one group stand together. */
  group: 'brush' | 'area' | 'fill' | 'assist'
  /** It has the choice to add or to subtract; Alt subtracts with every tool. */
  subtracts: boolean
  /** How it is used, in one line beside its options. */
  hint: string
}

/** Every tool, in the order of the rail. `make-tools.ts` makes them, `ToolOptions.svelte` shows their options. */
export const TOOL_LIST = [
  {
    name: 'brush',
    label: 'Brush',
    key: 'B',
    icon: 'brush',
    group: 'brush',
    subtracts: false,
    hint: 'Shift-click paints a line, Alt erases.'
  },
  {
    name: 'eraser',
    label: 'Eraser',
    key: 'E',
    icon: 'eraser',
    group: 'brush',
    subtracts: false,
    hint: 'Shift-click erases along a line.'
  },
  {
    name: 'polygon',
    label: 'Polygon',
    key: 'P',
    icon: 'polygon',
    group: 'area',
    subtracts: true,
    hint: 'Click its corners. Enter or a double click closes it, Backspace takes a corner back.'
  },
  {
    name: 'lasso',
    label: 'Lasso',
    key: 'L',
    icon: 'lasso',
    group: 'area',
    subtracts: true,
    hint: 'Draw around an area. Alt takes it away, Shift adds it.'
  },
  {
    name: 'rectangle',
    label: 'Rectangle',
    key: 'R',
    icon: 'rectangle',
    group: 'area',
    subtracts: true,
    hint: 'Drag from corner to corner. Alt takes away, Shift adds.'
  },
  {
    name: 'fill',
    label: 'Fill',
    key: 'F',
    icon: 'fill',
    group: 'fill',
    subtracts: true,
    hint: 'Click what is to be filled. Alt-click erases an object.'
  },
  {
    name: 'wand',
    label: 'Magic wand',
    key: 'W',
    icon: 'wand',
    group: 'assist',
    subtracts: true,
    hint: 'Drag right to take more.'
  },
  {
    name: 'superpixels',
    label: 'Superpixels',
    key: 'S',
    icon: 'superpixels',
    group: 'assist',
    subtracts: true,
    hint: 'Click or drag over patches. Alt takes them away.'
  },
  {
    name: 'smart-fill',
    label: 'Smart fill',
    key: 'G',
    icon: 'smart-fill',
    group: 'assist',
    subtracts: true,
    hint: 'Scribble on the object, with Alt on background. Esc gives up.'
  },
  {
    name: 'reshape',
    label: 'Reshape',
    key: 'M',
    icon: 'reshape',
    group: 'assist',
    subtracts: false,
    hint: 'Unknown pixels stay.'
  },
  {
    name: 'suggest',
    label: 'Suggestions',
    key: 'T',
    icon: 'suggest',
    group: 'assist',
    subtracts: true,
    hint: 'Click or drag over what is right.'
  }
] as const satisfies readonly ToolEntry[]

export type ToolName = (typeof TOOL_LIST)[number]['name']

/** The entry of a tool. */
export function toolEntry(name: ToolName): ToolEntry {
  return TOOL_LIST.find((entry) => entry.name === name)!
}
