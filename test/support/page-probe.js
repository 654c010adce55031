/**
 * Runs inside the page under test, in front of its own content. Plain JavaScript, so that the types of browsers do not
 * become global for the product's code. Every function returns plain data.
 */
globalThis.probe = {
  /** Folded parts are read as well. */
  unfold() {
    for (const fold of document.querySelectorAll('details')) fold.open = true
  },

  width() {
    return document.documentElement.scrollWidth
  },

  headingLevels() {
    return Array.from(document.querySelectorAll('h1, h2, h3, h4'), (heading) => Number(heading.tagName.slice(1)))
  },

  /** Targets of links inside the page that do not exist. */
  deadLinks() {
    return Array.from(document.querySelectorAll('a[href^="#"]'), (link) => link.getAttribute('href').slice(1)).filter(
      (id) => document.getElementById(id) === null,
    )
  },

  actionable() {
    return document.querySelectorAll('a[href], summary, .scroll').length
  },

  /** The focused element, as its position in the document, and whether a ring shows it. */
  focused() {
    const element = document.activeElement
    if (element === null || element === document.body) return null
    const index = Array.from(document.querySelectorAll('*')).indexOf(element)
    return `${index} ${getComputedStyle(element).outlineStyle === 'none' ? 'unseen' : 'seen'}`
  },

  /** Tables that are not in a box of the window's width that scrolls by itself. */
  escapingTables() {
    return Array.from(document.querySelectorAll('table'))
      .filter((table) => {
        const box = table.closest('.scroll')
        if (box === null || box.getBoundingClientRect().right > window.innerWidth) return true
        return getComputedStyle(box).overflowX !== 'auto'
      })
      .map((table) => table.textContent.slice(0, 40))
  },

  /** Texts whose contrast with what is painted behind them is below 4.5. */
  faintTexts() {
    const faint = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement
      if (node.textContent.trim() === '' || element.getClientRects().length === 0) continue
      const behind = ground(element)
      const { color, fill } = getComputedStyle(element)
      const front = over(rgba(element.closest('svg') === null ? color : fill), behind)
      const [high, low] = [luminance(front), luminance(behind)].sort((a, b) => b - a)
      const contrast = (high + 0.05) / (low + 0.05)
      if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} ${node.textContent.trim().slice(0, 40)}`)
    }
    return faint
  },
}

let canvas

/** Any CSS colour as four bytes: the browser itself knows how to read it. */
function rgba(colour) {
  canvas ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  canvas.clearRect(0, 0, 1, 1)
  canvas.fillStyle = colour
  canvas.fillRect(0, 0, 1, 1)
  return Array.from(canvas.getImageData(0, 0, 1, 1).data)
}

function over(top, bottom) {
  const alpha = top[3] / 255
  return [0, 1, 2].map((part) => top[part] * alpha + bottom[part] * (1 - alpha)).concat(255)
}

function ground(element) {
  if (element === null) return [255, 255, 255, 255]
  return over(rgba(getComputedStyle(element).backgroundColor), ground(element.parentElement))
}

/** Relative luminance of WCAG 2. */
function luminance(colour) {
  const [red, green, blue] = colour.map((part) => {
    const value = part / 255
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
