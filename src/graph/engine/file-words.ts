/** Which names and module specifiers stand in which file; each text is kept once. */
export class FileWords {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #byFile: Int32Array[] = [];

  /** In place of what was known of the file. */
  set(file: number, texts: Iterable<string>): void {
    this.#byFile[file] = Int32Array.from(new Set(texts), (text) => this.#numberOf(text));
  }

  delete(file: number): void {
    this.#byFile[file] = new Int32Array(0);
  }

  /** Files with a text that is meant. */
  filesWith(isMeant: (text: string) => boolean): number[] {
    const wanted = new Set<number>();
    for (const [number, text] of this.#texts.entries()) if (isMeant(text)) wanted.add(number);
    const files: number[] = [];
    for (const [file, numbers] of this.#byFile.entries())
      if (numbers?.some((each) => wanted.has(each))) files.push(file);
    return files;
  }

  #numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }
}
