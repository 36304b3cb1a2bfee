/** Brackets within brackets; people write a tenth of it, and the parser still gets through twenty times as many. */
const MAX_BRACKETS = 1_000;
/** Whether brackets stand too deep within one another. Those in texts count too, which only makes it careful. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 40:
      case 91:
      case 123:
        depth += 1;
        if (depth > MAX_BRACKETS) return true;
        break;
      case 41:
      case 93:
      case 125:
        if (depth > 0) depth -= 1;
        break;
      default:
    }
  }
  return false;
}
