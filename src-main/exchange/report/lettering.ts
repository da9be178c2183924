/** A letter's columns and rows: seven rows stand on the line, two hang below it. */
export const GLYPH = { width: 5, height: 9 } as const

/** Pixels from one letter to the next. */
const ADVANCE = GLYPH.width + 1

/**
 * The letters as pictures, side by side. Figures carry their own since a machine without fonts, as servers are, would
 * leave the text out.
 */
const BANDS: [letters: string, picture: string][] = [
  [
    'ABCDEFGHIJKLM',
    `
 ###  ####   ###  ####  ##### #####  ###  #   #  ###    ### #   # #     #   #
#   # #   # #   # #   # #     #     #   # #   #   #      #  #  #  #     ## ##
#   # #   # #     #   # #     #     #     #   #   #      #  # #   #     # # #
##### ####  #     #   # ####  ####  # ### #####   #      #  ##    #     # # #
#   # #   # #     #   # #     #     #   # #   #   #      #  # #   #     #   #
#   # #   # #   # #   # #     #     #   # #   #   #   #  #  #  #  #     #   #
#   # ####   ###  ####  ##### #      ###  #   #  ###   ##   #   # ##### #   #


`
  ],
  [
    'NOPQRSTUVWXYZ',
    `
#   #  ###  ####   ###  ####   #### ##### #   # #   # #   # #   # #   # #####
##  # #   # #   # #   # #   # #       #   #   # #   # #   # #   # #   #     #
##  # #   # #   # #   # #   # #       #   #   # #   # #   #  # #   # #     #
# # # #   # ####  #   # ####   ###    #   #   # #   # # # #   #     #     #
#  ## #   # #     # # # # #       #   #   #   #  # #  # # #  # #    #    #
#  ## #   # #     #  #  #  #      #   #   #   #  # #  ## ## #   #   #   #
#   #  ###  #      ## # #   # ####    #    ###    #   #   # #   #   #   #####


`
  ],
  [
    'abcdefghijklm',
    `
      #               #         ##        #       #      #  #      ##
      #               #        #          #                 #       #
 ###  ####   ####  ####  ###  ####   #### ####   ##     ##  #  #    #   ## #
    # #   # #     #   # #   #  #    #   # #   #   #      #  # #     #   # # #
 #### #   # #     #   # #####  #    #   # #   #   #      #  ##      #   # # #
#   # #   # #     #   # #      #    #   # #   #   #      #  # #     #   # # #
 #### ####   ####  ####  ####  #     #### #   #  ###     #  #  #   ###  # # #
                                        #             #  #
                                     ###               ##
`
  ],
  [
    'nopqrstuvwxyz',
    `
                                     #
                                     #
####   ###  ####   #### # ##   #### ####  #   # #   # # # # #   # #   # #####
#   # #   # #   # #   # ##    #      #    #   # #   # # # #  # #  #   #    #
#   # #   # #   # #   # #      ###   #    #   #  # #  # # #   #   #   #   #
#   # #   # #   # #   # #         #  #    #   #  # #  # # #  # #  #   #  #
#   #  ###  ####   #### #     ####    ##   ####   #    # #  #   #  #### #####
            #         #                                               #
            #         #                                            ###
`
  ],
  [
    '0123456789.,:',
    `
 ###    #    ###   ###     #  #####   ##  #####  ###   ###
#   #  ##   #   # #   #   ##  #      #        # #   # #   #
#  ##   #       #     #  # #  ####  #        #  #   # #   #              ##
# # #   #     ##    ##  #  #      # ####    #    ###   ####              ##
##  #   #    #        # #####     # #   #   #   #   #     #
#   #   #   #     #   #    #  #   # #   #  #    #   #    #   ##    ##    ##
 ###   ###  #####  ###     #   ###   ###   #     ###   ##    ##    ##    ##
                                                                    #
                                                                   #
`
  ],
  [
    "-_+=%()/'#&<>!?@",
    `
                        ##  #    #   #        #   #    # #   ##      #   #      #    ###   ###
              #         ##  #   #     #       #   #    # #  #  #    #     #     #   #   # #   #
              #   #####    #   #       #     #        ##### # #    #       #    #       # # ###
 ###        #####         #    #       #    #          # #   #    #         #   #      #  # # #
              #   #####  #     #       #   #          ##### # # #  #       #    #     #   # ###
              #         #  ##   #     #   #            # #  #  #    #     #               #
                        #  ##    #   #    #            # #   ## #    #   #      #     #    ####
      #####

`
  ]
]

const GLYPHS = new Map(BANDS.flatMap(([letters, picture]) => glyphsOf(letters, picture)))

/** Which pixels of each letter are ink, `[height, width]`, row by row. */
function glyphsOf(letters: string, picture: string): [string, boolean[]][] {
  const rows = picture.split('\n').slice(1, 1 + GLYPH.height)
  return [...letters].map((letter, i) => [
    letter,
    rows.flatMap((row) =>
      Array.from({ length: GLYPH.width }, (_, column) => row[i * ADVANCE + column] === '#')
    )
  ])
}

/** A text in letters that can be drawn: accents are left off, what is then still unknown becomes a question mark. */
function drawable(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '')
  return Array.from(plain, (letter) => (letter === ' ' || GLYPHS.has(letter) ? letter : '?')).join('')
}

/** The text as far as it fits into so many pixels; two dots at its end say that it was cut. */
export function fitted(text: string, width: number, scale: number): string {
  const letters = drawable(text)
  const most = Math.floor((width / scale + 1) / ADVANCE)
  return letters.length <= most ? letters : `${letters.slice(0, Math.max(0, most - 2))}..`
}

/**
 * Calls back with every pixel of ink of a text, from its upper left corner.
 *
 * @param scale Pixels per dot of a letter.
 */
export function eachInk(text: string, scale: number, visit: (x: number, y: number) => void): void {
  Array.from(drawable(text), (letter, place) => {
    GLYPHS.get(letter)?.forEach((ink, i) => {
      if (!ink) return
      const left = scale * (place * ADVANCE + (i % GLYPH.width))
      const top = scale * Math.floor(i / GLYPH.width)
      for (let y = 0; y < scale; y++) for (let x = 0; x < scale; x++) visit(left + x, top + y)
    })
  })
}
