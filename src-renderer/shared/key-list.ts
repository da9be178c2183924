/** Every key and what it does, for the sheet. Several keys for the same thing stand beside each other. */
export const KEY_LIST: readonly {
  title: string
  rows: readonly { does: string; keys: readonly string[] }[]
}[] = [
  {
    title: 'Paint',
    rows: [
      { does: 'Brush', keys: ['B'] },
      { does: 'Eraser', keys: ['E'] },
      { does: 'Polygon, lasso, rectangle', keys: ['P', 'L', 'R'] },
      { does: 'Fill a region or holes', keys: ['F'] },
      { does: 'Magic wand, superpixels', keys: ['W', 'S'] },
      { does: 'Smart fill, reshape the mask', keys: ['G', 'M'] },
      { does: 'Suggestions of a model: show, take all', keys: ['T', 'Shift+T'] },
      { does: 'Swap painting and erasing', keys: ['X'] },
      { does: 'Erase while held', keys: ['Alt', 'Right button'] },
      { does: 'Line from the last stroke', keys: ['Shift+Click'] },
      { does: 'Smaller, larger', keys: ['[', ']', 'Shift+Wheel'] },
      { does: 'Smart fill: paint, take a scribble back', keys: ['Enter', 'Backspace'] },
      { does: 'Polygon: close, take a corner back', keys: ['Enter', 'Backspace'] },
      { does: 'At the image by Tab: move, press the pointer', keys: ['ArrowUp', 'ArrowRight', 'Space'] },
      { does: 'Cancel what is under way', keys: ['Escape'] },
      { does: 'Undo', keys: ['Ctrl+Z'] },
      { does: 'Redo', keys: ['Ctrl+Shift+Z', 'Ctrl+Y'] }
    ]
  },
  {
    title: 'Look',
    rows: [
      { does: 'Zoom at the cursor', keys: ['Wheel'] },
      { does: 'Move the image', keys: ['Space+Drag', 'Middle button'] },
      { does: 'Fit the window', keys: ['Ctrl+F', 'Double click beside it'] },
      { does: 'Actual size', keys: ['Ctrl+0'] },
      { does: 'Hide the mask: tap to switch, hold to peek', keys: ['H'] },
      { does: 'Only the mask’s outline', keys: ['Shift+H'] },
      { does: 'Brightness, contrast, mask colour …', keys: ['V'] },
      { does: 'The image as it is', keys: ['Shift+V'] },
      { does: 'Next channel', keys: ['C'] },
      { does: 'Loupe while held', keys: ['Z'] },
      { does: 'Minimap, pixel grid', keys: ['N', 'Shift+G'] }
    ]
  },
  {
    title: 'Images',
    rows: [
      { does: 'Previous, next', keys: ['A', 'D', 'ArrowLeft', 'ArrowRight'] },
      { does: 'Next unfinished', keys: ['Shift+D'] },
      { does: 'All images side by side', keys: ['O'] },
      { does: 'Add a copied picture', keys: ['Ctrl+V'] },
      { does: 'Delete: into the bin', keys: ['Delete'] },
      { does: 'Look for a name', keys: ['/'] },
      { does: 'Complete, then on to the next', keys: ['Enter'] },
      { does: 'Confirm empty, then on', keys: ['0'] }
    ]
  },
  {
    title: 'Go',
    rows: [
      { does: 'Annotate, Train, Review, Export', keys: ['1', '2', '3', '4'] },
      { does: 'Train', keys: ['Ctrl+T'] },
      { does: 'This sheet', keys: ['?'] }
    ]
  }
]
