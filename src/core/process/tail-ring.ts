/** Keeps the end of what a stream says, and counts all of it. */
export class TailRing {
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #keptBytes = 0;
  #totalBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  push(chunk: Buffer): void {
    this.#totalBytes += chunk.length;
    this.#chunks.push(chunk);
    this.#keptBytes += chunk.length;
    for (let first = this.#chunks[0]; first !== undefined; first = this.#chunks[0]) {
      if (this.#keptBytes - first.length < this.#maxBytes) return;
      this.#keptBytes -= first.length;
      this.#chunks.shift();
    }
  }

  /** The end of it; after a line that says how much is not there, if something is not. */
  text(): string {
    const all = Buffer.concat(this.#chunks);
    if (this.#totalBytes <= this.#maxBytes) return all.toString('utf8');
    const cut = all.subarray(Math.max(0, all.length - this.#maxBytes));
    // A character of several bytes may have been cut: its last ones begin with the bits 10.
    let start = 0;
    while (start < 4 && ((cut[start] ?? 0) & 0xc0) === 0x80) start += 1;
    const kept = cut.subarray(start);
    return `[${this.#totalBytes - kept.length} bytes before this were dropped]\n${kept.toString('utf8')}`;
  }
}
